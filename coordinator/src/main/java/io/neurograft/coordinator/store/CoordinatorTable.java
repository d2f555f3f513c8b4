package io.neurograft.coordinator.store;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The coordinators that use this database. */
public final class CoordinatorTable {
  private final Handle handle;

  CoordinatorTable(Handle handle) {
    this.handle = handle;
  }

  /**
   * A coordinator is there, and will say so again before that time.
   *
   * @param bucket where it keeps artifacts; empty where that is its folder alone
   */
  public void alive(String id, String bucket, Instant until) {
    handle
        .createUpdate(
            "INSERT INTO coordinators (id, bucket, alive_until) VALUES (:id, :bucket, :until)"
                + " ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until")
        .bind("id", id)
        .bind("bucket", bucket)
        .bind("until", until.toEpochMilli())
        .execute();
  }

  /**
   * Until when another coordinator will be there that keeps artifacts elsewhere than one does, if
   * any is there at a time.
   */
  public Optional<Instant> elsewhere(String id, String bucket, Instant now) {
    return handle
        .createQuery(
            "SELECT alive_until FROM coordinators WHERE id <> :id AND alive_until > :now"
                + " AND (bucket = '' OR bucket <> :bucket) ORDER BY alive_until DESC LIMIT 1")
        .bind("id", id)
        .bind("bucket", bucket)
        .bind("now", now.toEpochMilli())
        .mapTo(Long.class)
        .findOne()
        .map(Instant::ofEpochMilli);
  }

  /** Forgets the coordinators that have not been there since then, and who was attached to them. */
  public void forget(Instant since) {
    handle
        .createUpdate("DELETE FROM coordinators WHERE alive_until < :since")
        .bind("since", since.toEpochMilli())
        .execute();
    forgetTheirSites();
  }

  /** Forgets all coordinators but one, which has the database to itself, and their sites. */
  public void forgetOthers(String id) {
    handle.createUpdate("DELETE FROM coordinators WHERE id <> :id").bind("id", id).execute();
    forgetTheirSites();
  }

  private void forgetTheirSites() {
    handle.execute(
        "UPDATE sites SET coordinator = NULL WHERE coordinator IS NOT NULL"
            + " AND coordinator NOT IN (SELECT id FROM coordinators)");
  }
}

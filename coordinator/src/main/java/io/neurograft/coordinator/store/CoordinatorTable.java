package io.neurograft.coordinator.store;

import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** The coordinators that use this database. */
public final class CoordinatorTable {
  private final Handle handle;

  CoordinatorTable(Handle handle) {
    this.handle = handle;
  }

  /** A coordinator is there, and will say so again before that time. */
  public void alive(String id, Instant until) {
    handle
        .createUpdate(
            "INSERT INTO coordinators (id, alive_until) VALUES (:id, :until)"
                + " ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until")
        .bind("id", id)
        .bind("until", until.toEpochMilli())
        .execute();
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

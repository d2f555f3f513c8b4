package io.neurograft.coordinator.store;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** What sites have begun to send, until a result names it. */
public final class UploadTable {
  private final Handle handle;

  UploadTable(Handle handle) {
    this.handle = handle;
  }

  /**
   * A site begins to send an artifact, or goes on with it. What it once said that it would send
   * stays so large.
   */
  public void begin(String site, StoredArtifact artifact, Instant now) {
    handle
        .createUpdate(
            "INSERT INTO uploads (site, digest, size, begun) VALUES (:site, :digest, :size, :now)"
                + " ON CONFLICT (site, digest) DO UPDATE SET begun = :now, size ="
                + " CASE WHEN uploads.size > :size THEN uploads.size ELSE :size END")
        .bind("site", site)
        .bind("digest", artifact.digest())
        .bind("size", artifact.size())
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** All that a site has begun to send, except one artifact. */
  public Sum beside(String site, String digest) {
    return handle
        .createQuery(
            "SELECT COUNT(*) AS count, COALESCE(SUM(size), 0) AS bytes FROM uploads"
                + " WHERE site = :site AND digest <> :digest")
        .bind("site", site)
        .bind("digest", digest)
        .map((row, context) -> new Sum(row.getLong("count"), row.getLong("bytes")))
        .one();
  }

  /** How many artifacts, and of how many bytes together. */
  public record Sum(long count, long bytes) {}

  /** A site's result names artifacts. */
  public void named(String site, List<String> digests) {
    for (String digest : digests) {
      handle
          .createUpdate("DELETE FROM uploads WHERE site = :site AND digest = :digest")
          .bind("site", site)
          .bind("digest", digest)
          .execute();
    }
  }

  /** Forgets what was begun before a time. */
  public void forget(Instant before) {
    handle
        .createUpdate("DELETE FROM uploads WHERE begun < :before")
        .bind("before", before.toEpochMilli())
        .execute();
  }
}

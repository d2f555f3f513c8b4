package io.neurograft.coordinator.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The artifacts that are complete on disk. */
public final class ArtifactTable {
  private final Handle handle;

  ArtifactTable(Handle handle) {
    this.handle = handle;
  }

  /** Notes an artifact; one that is known already stays as it is. */
  public void save(StoredArtifact artifact, Instant now) {
    handle
        .createUpdate(
            "INSERT INTO artifacts (digest, size, kind, stored)"
                + " VALUES (:digest, :size, :kind, :now) ON CONFLICT (digest) DO NOTHING")
        .bind("digest", artifact.digest())
        .bind("size", artifact.size())
        .bind("kind", artifact.kind().name())
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** One artifact. */
  public Optional<StoredArtifact> find(String digest) {
    return handle
        .createQuery("SELECT * FROM artifacts WHERE digest = :digest")
        .bind("digest", digest)
        .map((row, context) -> artifact(row))
        .findOne();
  }

  static StoredArtifact artifact(ResultSet row) throws SQLException {
    return new StoredArtifact(
        row.getString("digest"),
        row.getLong("size"),
        StoredArtifact.Kind.valueOf(row.getString("kind")));
  }
}

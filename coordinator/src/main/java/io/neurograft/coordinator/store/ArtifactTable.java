package io.neurograft.coordinator.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The artifacts. One is stored once its bytes are safe; from then on it may be named by tasks,
 * models and exchanges. One that nobody names is collected after a while: from the moment it is
 * chosen for that, nobody can name it, and whoever sends it again waits until it is gone.
 */
public final class ArtifactTable {
  /**
   * How long an upload into the bucket may be silent before another may begin it anew, while the
   * coordinator that makes it is there.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Handle handle;

  ArtifactTable(Handle handle) {
    this.handle = handle;
  }

  /** What is to be done with an artifact that somebody has, in a folder or at a site. */
  public enum Beginning {
    /** Nothing: it is stored already, and will not be collected soon. */
    STORED,
    /** Its bytes are to be put into the bucket, or to be sent before. */
    TO_BE_PUT,
    /** It is being collected, or being put by another: trying again later helps. */
    BUSY
  }

  /**
   * An upload into the bucket.
   *
   * @param object the name that the artifact will have there, never used before
   * @param coordinator who makes it; once that one is gone, another may begin it anew
   */
  public record Put(String object, String coordinator) {}

  /**
   * Tells whether the bytes of an artifact are wanted that somebody is about to send. Where the
   * bucket has them already, it is kept from being collected for a while, as if they had been sent.
   */
  public Beginning offer(StoredArtifact artifact, Instant now) {
    return row(artifact.digest(), now)
        .map(
            row ->
                switch (row.state()) {
                  case "STORED" -> keep(artifact, now) ? Beginning.STORED : Beginning.TO_BE_PUT;
                  case "STORING" -> row.isGivenUp(now) ? Beginning.TO_BE_PUT : Beginning.BUSY;
                  default -> Beginning.BUSY;
                })
        .orElse(Beginning.TO_BE_PUT);
  }

  private boolean keep(StoredArtifact artifact, Instant now) {
    return handle
            .createUpdate(
                "UPDATE artifacts SET stored = :now WHERE digest = :digest AND size = :size"
                    + " AND state = 'STORED' AND object IS NOT NULL")
            .bind("digest", artifact.digest())
            .bind("size", artifact.size())
            .bind("now", now.toEpochMilli())
            .execute()
        > 0;
  }

  private Optional<Row> row(String digest, Instant now) {
    return handle
        .createQuery(
            "SELECT state, stored, (SELECT COUNT(*) FROM coordinators c"
                + " WHERE c.id = a.coordinator AND c.alive_until > :now) AS putters"
                + " FROM artifacts a WHERE digest = :digest")
        .bind("digest", digest)
        .bind("now", now.toEpochMilli())
        .map(
            (row, context) ->
                new Row(
                    row.getString("state"), Columns.time(row, "stored"), row.getInt("putters") > 0))
        .findOne();
  }

  /**
   * Begins to store an artifact; where it is to be put, {@link #complete} is to follow.
   *
   * @param put empty where there is no bucket, and its file in the folder is all of it
   */
  public Beginning begin(StoredArtifact artifact, Optional<Put> put, Instant now) {
    Optional<Row> row = row(artifact.digest(), now);
    if (row.isEmpty()) {
      insert(artifact, put, now);
      return put.isPresent() ? Beginning.TO_BE_PUT : Beginning.STORED;
    }
    return switch (row.get().state()) {
      case "STORED" -> {
        touch(artifact.digest(), now);
        yield Beginning.STORED;
      }
      case "STORING" ->
          put.isPresent() && row.get().isGivenUp(now)
              ? takeOver(artifact.digest(), put.get(), now)
              : Beginning.BUSY;
      default -> Beginning.BUSY;
    };
  }

  /**
   * @param attended whether the coordinator is there that began to put it
   */
  private record Row(String state, Instant changed, boolean attended) {
    boolean isGivenUp(Instant now) {
      return !attended || changed.plus(PATIENCE).isBefore(now);
    }
  }

  private void insert(StoredArtifact artifact, Optional<Put> put, Instant now) {
    handle
        .createUpdate(
            "INSERT INTO artifacts (digest, size, kind, stored, state, object, coordinator)"
                + " VALUES (:digest, :size, :kind, :now, :state, :object, :coordinator)")
        .bind("digest", artifact.digest())
        .bind("size", artifact.size())
        .bind("kind", artifact.kind().name())
        .bind("now", now.toEpochMilli())
        .bind("state", put.isPresent() ? "STORING" : "STORED")
        .bind("object", put.map(Put::object))
        .bind("coordinator", put.map(Put::coordinator))
        .execute();
  }

  private Beginning takeOver(String digest, Put put, Instant now) {
    handle
        .createUpdate(
            "UPDATE artifacts SET object = :object, coordinator = :coordinator, stored = :now"
                + " WHERE digest = :digest")
        .bind("digest", digest)
        .bind("object", put.object())
        .bind("coordinator", put.coordinator())
        .bind("now", now.toEpochMilli())
        .execute();
    return Beginning.TO_BE_PUT;
  }

  /**
   * Notes that an object is still being put, so that nobody takes it for given up.
   *
   * @return false if somebody else has begun it anew, or it was given up: then it is in vain
   */
  public boolean goesOn(String digest, String object, Instant now) {
    return handle
            .createUpdate(
                "UPDATE artifacts SET stored = :now"
                    + " WHERE digest = :digest AND object = :object AND state = 'STORING'")
            .bind("digest", digest)
            .bind("object", object)
            .bind("now", now.toEpochMilli())
            .execute()
        > 0;
  }

  /**
   * Notes that the bucket has an artifact's object.
   *
   * @return false if somebody else has begun it anew, or it was given up: then it is not stored
   */
  public boolean complete(String digest, String object, Instant now) {
    return handle
            .createUpdate(
                "UPDATE artifacts SET state = 'STORED', stored = :now"
                    + " WHERE digest = :digest AND object = :object AND state <> 'COLLECTING'")
            .bind("digest", digest)
            .bind("object", object)
            .bind("now", now.toEpochMilli())
            .execute()
        > 0;
  }

  /** Keeps a stored artifact from being collected for a while, though nobody names it yet. */
  private void touch(String digest, Instant now) {
    handle
        .createUpdate("UPDATE artifacts SET stored = :now WHERE digest = :digest")
        .bind("digest", digest)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** One stored artifact. */
  public Optional<StoredArtifact> find(String digest) {
    return handle
        .createQuery("SELECT * FROM artifacts WHERE digest = :digest AND state = 'STORED'")
        .bind("digest", digest)
        .map((row, context) -> artifact(row))
        .findOne();
  }

  /** The name of a stored artifact's object in the bucket, where there is one. */
  public Optional<String> object(String digest) {
    return handle
        .createQuery(
            "SELECT object FROM artifacts"
                + " WHERE digest = :digest AND state = 'STORED' AND object IS NOT NULL")
        .bind("digest", digest)
        .mapTo(String.class)
        .findOne();
  }

  /**
   * Makes sure that an artifact may be named by what is stored next in this transaction.
   *
   * @throws StorageException if it was collected meanwhile; it has to be stored again
   */
  void require(String digest) {
    if (find(digest).isEmpty()) {
      throw new StorageException("artifact " + digest + " was removed before it was used");
    }
  }

  static StoredArtifact artifact(ResultSet row) throws SQLException {
    return new StoredArtifact(
        row.getString("digest"),
        row.getLong("size"),
        StoredArtifact.Kind.valueOf(row.getString("kind")));
  }
}

package io.neurograft.coordinator.rpc;

import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.proto.artifact.ArtifactException;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.transfer.ArtifactCatalog;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import java.time.InstantSource;
import java.util.Optional;

/** What the database knows of artifacts, for their transfer. */
final class StoredCatalog implements ArtifactCatalog {
  private final Database database;
  private final InstantSource clock;

  StoredCatalog(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Optional<ArtifactKind> kind(Digest digest) {
    Optional<StoredArtifact> artifact =
        database.read(tables -> tables.artifacts().find(digest.hex()));
    return artifact.map(found -> TaskMessages.kind(found.kind()));
  }

  @Override
  public void stored(Artifact artifact) throws ArtifactException {
    StoredArtifact stored =
        new StoredArtifact(
            artifact.getDigest(), artifact.getSize(), TaskMessages.kind(artifact.getKind()));
    try {
      database.write(
          tables -> {
            tables.artifacts().save(stored, clock.instant());
            return stored;
          });
    } catch (StorageException e) {
      throw new ArtifactException(
          ArtifactException.Reason.NO_ROOM, "at the coordinator " + e.getMessage());
    }
  }
}

package io.neurograft.coordinator.rpc;

import io.grpc.Status;
import io.neurograft.coordinator.artifact.ArtifactStore;
import io.neurograft.coordinator.artifact.UploadQuota;
import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.proto.artifact.ArtifactException;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.Deed;
import io.neurograft.proto.transfer.ArtifactCatalog;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import java.util.Optional;

/** What the coordinator's store knows of artifacts, for their transfer. */
final class StoredCatalog implements ArtifactCatalog {
  private final ArtifactStore artifacts;
  private final UploadQuota quota;
  private final Database database;
  private final Journal journal;

  StoredCatalog(ArtifactStore artifacts, UploadQuota quota, Database database, Journal journal) {
    this.artifacts = artifacts;
    this.quota = quota;
    this.database = database;
    this.journal = journal;
  }

  /**
   * Asked before an artifact is sent, so it is brought to the folder where that is needed. To a
   * site that may not see it, it is not there.
   */
  @Override
  public Optional<ArtifactKind> kind(Digest digest) {
    try {
      if (!mayRead(Caller.current(), digest)) {
        return Optional.empty();
      }
      Optional<StoredArtifact> known =
          artifacts.find(digest.hex()).flatMap(file -> artifacts.known(digest.hex()));
      known.ifPresent(found -> journal.note(deed(Act.ARTIFACT_FETCHED, found)));
      return known.map(found -> TaskMessages.kind(found.kind()));
    } catch (StorageException e) {
      throw Status.RESOURCE_EXHAUSTED
          .withDescription("at the coordinator " + e.getMessage())
          .asRuntimeException();
    }
  }

  private boolean mayRead(Caller caller, Digest digest) {
    if (caller instanceof Caller.Stranger) {
      return false;
    }
    return caller
        .site()
        .map(
            site ->
                database.<Boolean>read(
                    tables -> tables.participation().mayRead(site, digest.hex())))
        .orElse(true);
  }

  @Override
  public boolean isStored(Artifact artifact) throws ArtifactException {
    try {
      return artifacts.inBucket(described(artifact));
    } catch (StorageException e) {
      throw noRoom(e);
    }
  }

  /** What a site sends counts against its quota; operators may send what they like. */
  @Override
  public void expect(Artifact artifact) throws ArtifactException {
    Optional<String> site = Caller.current().site();
    if (site.isPresent()) {
      try {
        quota.begin(site.get(), described(artifact));
      } catch (StorageException e) {
        throw noRoom(e);
      }
    }
  }

  @Override
  public void stored(Artifact artifact) throws ArtifactException {
    try {
      artifacts.store(described(artifact));
      journal.note(deed(Act.ARTIFACT_ACCEPTED, described(artifact)));
    } catch (StorageException e) {
      throw noRoom(e);
    }
  }

  private static Deed deed(Act what, StoredArtifact artifact) {
    return Deed.of(Caller.current().who(), what)
        .about("digest", artifact.digest())
        .about("kind", ConfigNode.word(artifact.kind()))
        .about("bytes", artifact.size());
  }

  private static StoredArtifact described(Artifact artifact) {
    return new StoredArtifact(
        artifact.getDigest(), artifact.getSize(), TaskMessages.kind(artifact.getKind()));
  }

  private static ArtifactException noRoom(StorageException e) {
    return new ArtifactException(
        ArtifactException.Reason.NO_ROOM, "at the coordinator " + e.getMessage());
  }
}

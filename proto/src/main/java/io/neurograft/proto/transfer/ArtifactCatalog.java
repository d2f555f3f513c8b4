package io.neurograft.proto.transfer;

import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import java.io.IOException;
import java.util.Optional;

/** What a server knows of its artifacts beside their bytes; called from several threads. */
public interface ArtifactCatalog {
  /** What a complete artifact holds; empty where it is not to be handed out. */
  Optional<ArtifactKind> kind(Digest digest);

  /**
   * Whether an artifact that somebody is about to send is stored already, though it may be
   * somewhere else than in the folder. Then none of it is asked for, and it counts as sent.
   *
   * @throws IOException if that cannot be told now; the sender is told, and may send it again
   */
  boolean isStored(Artifact artifact) throws IOException;

  /**
   * Somebody begins to send an artifact that is not stored, or goes on with it.
   *
   * @throws IOException if it is not to be taken now; the sender is told, and may send it again
   */
  void expect(Artifact artifact) throws IOException;

  /**
   * An artifact is complete on disk. The sender is told only after this returns, so what is noted
   * here durably is never asked for again. Called again when somebody sends the same artifact.
   *
   * @throws IOException if it cannot be noted; the sender is told, and may send it again
   */
  void stored(Artifact artifact) throws IOException;
}

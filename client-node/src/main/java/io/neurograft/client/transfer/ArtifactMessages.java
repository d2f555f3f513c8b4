package io.neurograft.client.transfer;

import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;

/** Artifact names on the wire. */
public final class ArtifactMessages {
  private ArtifactMessages() {}

  /** The message for a name. */
  public static Artifact message(ArtifactRef artifact) {
    return Artifact.newBuilder()
        .setDigest(artifact.digest().hex())
        .setSize(artifact.size())
        .setKind(
            switch (artifact.kind()) {
              case WEIGHTS -> ArtifactKind.ARTIFACT_KIND_WEIGHTS;
              case SCORES -> ArtifactKind.ARTIFACT_KIND_SCORES;
              case QUESTION -> ArtifactKind.ARTIFACT_KIND_QUESTION;
              case MOMENTS -> ArtifactKind.ARTIFACT_KIND_MOMENTS;
              case PUBLIC_KEY -> ArtifactKind.ARTIFACT_KIND_PUBLIC_KEY;
            })
        .build();
  }

  /**
   * The name in a message.
   *
   * @throws IllegalArgumentException if the message has faults
   */
  public static ArtifactRef parse(Artifact message) {
    ArtifactRef.Kind kind =
        switch (message.getKind()) {
          case ARTIFACT_KIND_WEIGHTS -> ArtifactRef.Kind.WEIGHTS;
          case ARTIFACT_KIND_SCORES -> ArtifactRef.Kind.SCORES;
          case ARTIFACT_KIND_QUESTION -> ArtifactRef.Kind.QUESTION;
          case ARTIFACT_KIND_MOMENTS -> ArtifactRef.Kind.MOMENTS;
          case ARTIFACT_KIND_PUBLIC_KEY -> ArtifactRef.Kind.PUBLIC_KEY;
          case ARTIFACT_KIND_UNSPECIFIED, UNRECOGNIZED ->
              throw new IllegalArgumentException("expected an artifact of a known kind");
        };
    if (message.getSize() < 1) {
      throw new IllegalArgumentException("expected an artifact of at least 1 byte");
    }
    return new ArtifactRef(new Digest(message.getDigest()), message.getSize(), kind);
  }
}

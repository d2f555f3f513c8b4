package io.neurograft.client.transfer;

import io.neurograft.proto.artifact.Digest;

/**
 * An artifact's name, size and purpose.
 *
 * @param digest its name
 * @param size its bytes; at least 1
 * @param kind what it holds
 */
public record ArtifactRef(Digest digest, long size, Kind kind) {
  /** What an artifact holds. */
  public enum Kind {
    /** A network's weights. */
    WEIGHTS,
    /** Attribution scores per unit. */
    SCORES,
    /** A question about the site's examples. */
    QUESTION,
    /** The answer to a question. */
    MOMENTS,
    /** A public key for the masks of a run. */
    PUBLIC_KEY
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(java.util.Locale.ROOT)
        + " "
        + digest.brief()
        + " ("
        + size
        + " bytes)";
  }
}

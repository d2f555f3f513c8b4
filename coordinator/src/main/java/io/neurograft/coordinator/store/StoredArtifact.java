package io.neurograft.coordinator.store;

/**
 * An artifact that is stored.
 *
 * @param digest its SHA-256, in 64 hexadecimal digits
 * @param size in bytes
 */
public record StoredArtifact(String digest, long size, Kind kind) {
  /** What an artifact holds. */
  public enum Kind {
    /** A network's weights. */
    WEIGHTS,
    /** Attribution scores. */
    SCORES,
    /** A question to the sites. */
    QUESTION,
    /** A site's answer. */
    MOMENTS,
    /** A site's public key for the masks of a run. */
    PUBLIC_KEY
  }
}

package io.neurograft.proto.artifact;

import java.io.IOException;
import java.util.Objects;

/** A refusal of an artifact folder; its reason says who can do something about it. */
public final class ArtifactException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why a folder refuses. */
  public enum Reason {
    /** A chunk out of order, too large, beyond the end, or damaged: the sender's fault. */
    BAD_CHUNK,
    /**
     * A stated size that is not positive, above the folder's limit, or not that of the artifact.
     */
    BAD_SIZE,
    /** The whole does not have the digest it was announced with; what was stored is deleted. */
    WRONG_DIGEST,
    /** Another writer is storing the same artifact; trying again later helps. */
    BUSY,
    /** No complete artifact of that digest. */
    NOT_FOUND,
    /** An offset beyond the artifact's end. */
    BEYOND_END,
    /** The disk cannot take it; trying again helps once there is room. */
    NO_ROOM
  }

  private final Reason reason;

  /** A refusal, said in one line for a person. */
  public ArtifactException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  ArtifactException(Reason reason, String message, IOException cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why the folder refuses. */
  public Reason reason() {
    return reason;
  }

  /** One line for a person. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}

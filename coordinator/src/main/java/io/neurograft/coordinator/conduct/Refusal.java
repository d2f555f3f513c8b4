package io.neurograft.coordinator.conduct;

/** A request that cannot be met as things stand; its message says why and what to do. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why a request is refused. */
  public enum Reason {
    /** What it names does not exist, or not for the asker. */
    NOT_FOUND,
    /** Something has to happen before. */
    NOT_READY,
    /** What was sent does not fit what was asked for; sending it again does not help. */
    UNFIT,
    /** Nobody knows the asker, or not any more. */
    UNKNOWN,
    /** The asker is known, and may not ask this. */
    DENIED
  }

  private final Reason reason;

  /** A refusal with its message for a person. */
  public Refusal(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why the request is refused. */
  public Reason reason() {
    return reason;
  }
}

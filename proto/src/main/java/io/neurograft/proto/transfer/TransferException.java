package io.neurograft.proto.transfer;

import java.io.IOException;
import java.util.Objects;

/** A transfer that broke off; it says whether trying again can help. */
public final class TransferException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  TransferException(String message, boolean retryable, Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  /** Whether another attempt, which goes on where this one stopped, can succeed. */
  public boolean retryable() {
    return retryable;
  }

  /** One line for a person. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}

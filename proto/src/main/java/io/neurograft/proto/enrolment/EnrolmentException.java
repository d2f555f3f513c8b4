package io.neurograft.proto.enrolment;

import java.util.Objects;

/** A certificate could not be had. The message is one clear line for a person. */
public final class EnrolmentException extends Exception {
  private static final long serialVersionUID = 1L;

  EnrolmentException(String message) {
    super(message);
  }

  EnrolmentException(String message, Throwable cause) {
    super(message, cause);
  }

  /** One line for a person. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}

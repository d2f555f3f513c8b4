package io.neurograft.proto.channel;

import java.util.Objects;

/**
 * A setting of a connection that cannot be used, such as a certificate file that is missing. Its
 * message is one clear line for a person.
 */
public final class ChannelSettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ChannelSettingsException(String message) {
    super(message);
  }

  ChannelSettingsException(String message, Throwable cause) {
    super(message, cause);
  }

  /** One line for a person. */
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}

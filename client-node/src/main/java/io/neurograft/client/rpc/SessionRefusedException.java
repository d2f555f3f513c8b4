package io.neurograft.client.rpc;

/** A coordinator that refuses a site; its message is one clear line for a person. */
public final class SessionRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SessionRefusedException(String message) {
    super(message);
  }
}

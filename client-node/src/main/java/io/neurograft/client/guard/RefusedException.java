package io.neurograft.client.guard;

/**
 * A question that this site does not answer. Its message is one line that names the question, what
 * was found, and the key of the site's configuration that forbids it. Asking again cannot help.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}

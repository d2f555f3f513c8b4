package io.neurograft.neural.collection;

/**
 * Says that some of the examples which a step's moments were of are no longer there. The step can
 * be asked for again; its moments are then of those that are left.
 */
public final class LostExamplesException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message which examples are lost, and why
   */
  public LostExamplesException(String message) {
    super(message);
  }
}

package io.neurograft.neural.config;

/**
 * One fault of an input: where it is and what was expected there.
 *
 * @param place the path inside the input, such as {@code levels[2][3].linear}; empty for the whole
 * @param message what was expected, without a full stop
 */
public record Fault(String place, String message) {
  @Override
  public String toString() {
    return place.isEmpty() ? message : place + ": " + message;
  }
}

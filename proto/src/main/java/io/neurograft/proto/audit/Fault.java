package io.neurograft.proto.audit;

/**
 * Where a log is not as it was written.
 *
 * @param expected what should be there
 * @param found what is
 */
public record Fault(String expected, String found) {
  @Override
  public String toString() {
    return "expected " + expected + ", found " + found;
  }
}

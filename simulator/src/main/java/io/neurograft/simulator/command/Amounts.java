package io.neurograft.simulator.command;

import io.neurograft.neural.config.InvalidInputException;

/** Checks numbers that options give. */
final class Amounts {
  private Amounts() {}

  /**
   * @throws InvalidInputException if the value is below the least that makes sense
   */
  static void require(String option, long value, long least) {
    if (value < least) {
      throw new InvalidInputException(option, "expected at least " + least + ", found " + value);
    }
  }
}

package io.neurograft.simulator.command;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.moments.LevelBudget;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that bounds the second moments of a level's inputs. */
final class LevelBudgetOption {
  @Option(
      names = "--level-budget",
      paramLabel = "MIB",
      description =
          "The most MiB that the second moments of a level's inputs may take, in double precision. "
              + "Where they would take more, the inputs are projected to fewer columns, as sites do "
              + "in a federated run of that budget. Default: no bound.")
  private @Nullable Double mebibytes;

  /** Whether it was given. */
  boolean given() {
    return mebibytes != null;
  }

  /**
   * The budget.
   *
   * @throws InvalidInputException if it is out of range
   */
  LevelBudget read() {
    try {
      return mebibytes == null ? LevelBudget.NONE : LevelBudget.ofMebibytes(mebibytes);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("--level-budget", String.valueOf(e.getMessage()));
    }
  }
}

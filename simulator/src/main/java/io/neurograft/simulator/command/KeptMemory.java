package io.neurograft.simulator.command;

import io.neurograft.fusion.FusionData;
import io.neurograft.neural.config.InvalidInputException;
import picocli.CommandLine.Option;

/** The option that bounds what a fusion keeps between levels. */
final class KeptMemory {
  private static final long MOST = Long.MAX_VALUE >> 20;

  @Option(
      names = "--kept-memory",
      paramLabel = "MIB",
      description =
          "Memory for what networks gave for the examples, in MiB; beyond it they run again. With 0 "
              + "any number of examples needs the same memory. Default: 768.")
  private long mebibytes = FusionData.KEPT_BYTES >> 20;

  /**
   * The bound.
   *
   * @throws InvalidInputException if it is below 0
   */
  long bytes() {
    if (mebibytes < 0 || mebibytes > MOST) {
      throw new InvalidInputException(
          "--kept-memory", "expected 0 or more MiB, found " + mebibytes);
    }
    return mebibytes << 20;
  }
}

package io.neurograft.simulator.command;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.tensor.Compute;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that computes. */
final class EngineOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the engine. Default: the number of processors.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Mixin private DeviceOption device;

  void start() {
    if (threads < 1 || threads > 1024) {
      throw new InvalidInputException("--threads", "expected 1 to 1024, found " + threads);
    }
    Compute.start(threads, device.setting());
  }
}

package io.neurograft.coordinator.command;

import io.neurograft.coordinator.Coordinator;
import io.neurograft.coordinator.CoordinatorConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Runs a coordinator until it is told to stop. */
@Command(
    name = "coordinator",
    description = "Runs a coordinator: leads runs, fuses members, publishes models.",
    mixinStandardHelpOptions = true)
public final class CoordinatorCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The coordinator's configuration, in YAML.")
  private Path config = Path.of("");

  /**
   * Runs the coordinator.
   *
   * @throws io.neurograft.neural.config.InvalidInputException if the configuration cannot be used
   */
  @Override
  public Integer call() throws InterruptedException {
    try (Coordinator coordinator = Coordinator.start(CoordinatorConfig.read(config))) {
      // SIGTERM and Ctrl-C: end sessions and calls; runs go on at the next start.
      Runtime.getRuntime().addShutdownHook(new Thread(coordinator::close, "shutdown"));
      coordinator.awaitClose();
    }
    return ExitCode.OK;
  }
}

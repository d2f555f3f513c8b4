package io.neurograft.coordinator.command;

import io.neurograft.coordinator.Coordinator;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.coordinator.LocalInvitation;
import io.neurograft.coordinator.authority.Registrar;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a coordinator until it is told to stop. */
@Command(
    name = "coordinator",
    description = "Runs a coordinator: leads runs, fuses members, publishes models.",
    mixinStandardHelpOptions = true)
public final class CoordinatorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The coordinator's configuration, in YAML; required.")
  private @Nullable Path config;

  /**
   * Runs the coordinator.
   *
   * @throws io.neurograft.neural.config.InvalidInputException if the configuration cannot be used
   */
  @Override
  public Integer call() throws InterruptedException {
    if (config == null) { // which its commands need not have
      throw new ParameterException(spec.commandLine(), "Missing required option: '--config=FILE'");
    }
    try (Coordinator coordinator = Coordinator.start(CoordinatorConfig.read(config))) {
      // SIGTERM and Ctrl-C: end sessions and calls; runs go on at the next start.
      Runtime.getRuntime().addShutdownHook(new Thread(coordinator::close, "shutdown"));
      coordinator.awaitClose();
    }
    return ExitCode.OK;
  }

  @Command(
      name = "invite",
      description = {
        "Prints a token for the first operator, or anybody else.",
        "Works on the coordinator's own folder and database, whether it runs or not."
      },
      mixinStandardHelpOptions = true)
  int invite(
      @Mixin InvitationOptions invitation,
      @Option(
              names = "--role",
              paramLabel = "ROLE",
              defaultValue = "operator",
              description = "operator, viewer or site; by default operator.")
          String role,
      @Option(
              names = "--config",
              required = true,
              paramLabel = "FILE",
              description = "The coordinator's configuration, in YAML.")
          Path file) {
    Registrar.Invited invited =
        LocalInvitation.invite(
            CoordinatorConfig.read(file),
            invitation.identity(InvitationText.role(role)),
            invitation.valid(),
            InstantSource.system());
    PrintWriter out = spec.commandLine().getOut();
    InvitationText.print(
        out, spec.commandLine().getErr(), invited.token().text(), invited.expires());
    return ExitCode.OK;
  }
}

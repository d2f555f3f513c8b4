package io.neurograft.coordinator.command;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.ChannelSettingsException;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.enrolment.Enrolment;
import io.neurograft.proto.enrolment.EnrolmentException;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.IdentityFolder;
import io.neurograft.proto.identity.Role;
import io.neurograft.proto.identity.Token;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Gives an operator or a viewer a certificate. */
@Command(
    name = "operator",
    description = "Gives an operator a certificate for a coordinator.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class OperatorCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Says that one of its commands is needed. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "expected the command enrol");
  }

  @Command(
      name = "enrol",
      description = {
        "Makes a key pair here and has the coordinator certify it; the key never leaves.",
        "run and site call that coordinator with it from then on."
      },
      mixinStandardHelpOptions = true)
  int enrol(
      @Option(
              names = "--token",
              required = true,
              paramLabel = "TOKEN",
              description =
                  "What an invitation has printed; @FILE reads it from a file, so that it stands in"
                      + " no list of processes.")
          String token,
      @Option(
              names = "--coordinator",
              paramLabel = "HOST:PORT",
              defaultValue = OperatorOptions.COORDINATOR,
              description = "Where the coordinator listens; by default ${DEFAULT-VALUE}.")
          String coordinator,
      @Option(
              names = "--identity",
              paramLabel = "DIR",
              description = "Where it is kept; by default ~/.neurograft/HOST_PORT.")
          @Nullable Path folder) {
    Endpoint endpoint = OperatorOptions.endpoint(coordinator);
    Path kept = folder == null ? OperatorIdentity.byDefault(endpoint) : folder;
    try {
      Identity identity =
          new Enrolment(new IdentityFolder(kept), new SecureRandom())
              .enrol(endpoint, Token.parse(token), named -> named.role() != Role.SITE);
      PrintWriter out = spec.commandLine().getOut();
      out.println(identity + " has a certificate for " + endpoint + ", in " + kept);
      out.flush();
      return ExitCode.OK;
    } catch (EnrolmentException | ChannelSettingsException e) {
      throw new InvalidInputException("enrolment", String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("--token", String.valueOf(e.getMessage()));
    }
  }
}

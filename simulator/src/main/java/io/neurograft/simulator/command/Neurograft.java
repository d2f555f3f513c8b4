package io.neurograft.simulator.command;

import io.neurograft.client.command.NodeCommand;
import io.neurograft.client.command.PreflightCommand;
import io.neurograft.coordinator.command.CoordinatorCommand;
import io.neurograft.coordinator.command.OperatorCommand;
import io.neurograft.coordinator.command.RunCommand;
import io.neurograft.coordinator.command.SiteCommand;
import io.neurograft.proto.channel.GrpcLog;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The program that {@code ./neurograft} starts; its subcommands do the work. */
@Command(
    name = "neurograft",
    mixinStandardHelpOptions = true,
    versionProvider = Neurograft.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Fuses networks trained on data that may not leave its site into one network.",
    subcommands = {
      SimulateCommand.class,
      CoordinatorCommand.class,
      NodeCommand.class,
      PreflightCommand.class,
      RunCommand.class,
      SiteCommand.class,
      OperatorCommand.class,
      AuditCommand.class,
      FuseCommand.class,
      ScoreCommand.class,
      EvaluateCommand.class,
      InspectCommand.class,
      PartitionCommand.class,
      BenchCommand.class,
      HelpCommand.class
    })
public final class Neurograft {

  private Neurograft() {}

  /** Runs the command and ends the process: 0 done, 2 wrong usage or configuration, 1 failed. */
  public static void main(String[] arguments) {
    GrpcLog.join();
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Neurograft())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler(new Failures())
        .setParameterExceptionHandler(new Failures());
  }

  /** The version that the build wrote into the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {version()};
    }
  }

  /** The software's version, for provenance. */
  static String version() {
    return Objects.requireNonNullElse(
        Neurograft.class.getPackage().getImplementationVersion(), "development");
  }
}

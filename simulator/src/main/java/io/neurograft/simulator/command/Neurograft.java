package io.neurograft.simulator.command;

import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The program that {@code ./neurograft} starts; its subcommands do the work. */
@Command(
    name = "neurograft",
    mixinStandardHelpOptions = true,
    versionProvider = Neurograft.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Fuses networks trained on data that may not leave its site into one network.")
public final class Neurograft {

  private Neurograft() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Neurograft()).execute(arguments));
  }

  /** The version that the build wrote into the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        Objects.requireNonNullElse(
            Neurograft.class.getPackage().getImplementationVersion(), "development")
      };
    }
  }
}

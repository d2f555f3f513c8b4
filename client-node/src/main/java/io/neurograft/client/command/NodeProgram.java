package io.neurograft.client.command;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.GrpcLog;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParseResult;

/** The node as a program of its own, for a site that installs nothing else. */
public final class NodeProgram {
  private NodeProgram() {}

  /** Runs {@code node} and ends the process: 0 done, 2 wrong usage or configuration, 1 failed. */
  public static void main(String[] arguments) {
    GrpcLog.join();
    CommandLine command =
        new CommandLine(new NodeCommand())
            .addSubcommand(new PreflightCommand())
            .setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(command.setExecutionExceptionHandler(NodeProgram::failed).execute(arguments));
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    command.getErr().println("neurograft: " + e.getMessage());
    return e instanceof InvalidInputException ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }
}

package io.neurograft.coordinator.command;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.GrpcLog;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParseResult;

/** The coordinator as a program of its own, for a machine that needs nothing else. */
public final class CoordinatorProgram {
  private CoordinatorProgram() {}

  /** Runs {@code coordinator} and ends the process: 0 done, 2 wrong input, 1 failed. */
  public static void main(String[] arguments) {
    GrpcLog.join();
    CommandLine command = new CommandLine(new CoordinatorCommand());
    System.exit(
        command.setExecutionExceptionHandler(CoordinatorProgram::failed).execute(arguments));
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    command.getErr().println("neurograft: " + e.getMessage());
    return e instanceof InvalidInputException ? ExitCode.USAGE : ExitCode.SOFTWARE;
  }
}

package io.neurograft.simulator.command;

import io.neurograft.neural.config.InvalidInputException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Turns what goes wrong into one clear line on stderr and an exit code. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("neurograft: " + e.getMessage());
    err.println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof InvalidInputException) {
      command.getErr().println("neurograft: " + e.getMessage());
      return ExitCode.USAGE;
    }
    command.getErr().println("neurograft: " + describe(e));
    LoggerFactory.getLogger(Failures.class).debug("the command failed", e);
    return ExitCode.SOFTWARE;
  }

  private static String describe(Throwable e) {
    if (e instanceof UncheckedIOException && e.getCause() != null) {
      return e.getMessage() + ": " + describe(e.getCause());
    }
    String message = e.getMessage();
    if (message == null || message.isBlank()) {
      return e.getClass().getSimpleName();
    }
    // Our own exceptions are worded for a person; of others the kind is half of the message.
    return e.getClass().getName().startsWith("io.neurograft.") || e instanceof IllegalStateException
        ? message
        : e.getClass().getSimpleName() + ": " + message;
  }
}

package io.neurograft.coordinator.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.neural.config.Config;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Creates, lists, shows, follows, pauses, resumes, cancels and deletes runs of a coordinator. */
@Command(
    name = "run",
    description = "Creates and follows runs of a coordinator.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class RunCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();
  private String told = "";

  /** Says that one of its commands is needed. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "expected one of create, list, show, watch, pause, resume, cancel, delete");
  }

  @Command(
      name = "create",
      description = "Creates a run; it starts when enough sites are attached.",
      mixinStandardHelpOptions = true)
  int create(
      @Option(
              names = "--file",
              required = true,
              paramLabel = "FILE",
              description = "The run's specification, in YAML.")
          Path file,
      @Option(names = "--watch", description = "Follow the run until it has ended.") boolean watch,
      @Mixin OperatorOptions options,
      @Mixin FormatOption format)
      throws InterruptedException {
    String text = Config.text(file);
    // Faults are told here, with the file's name, before anybody is asked.
    var unused = RunSpec.parse(text, file.toString());
    try (OperatorClient client = options.connect()) {
      RunSummary run = client.create(text);
      return watch ? follow(client, run.run(), format) : show(run, format);
    }
  }

  @Command(
      name = "list",
      description = "Lists all runs, the newest first.",
      mixinStandardHelpOptions = true)
  int list(@Mixin OperatorOptions options, @Mixin FormatOption format) {
    try (OperatorClient client = options.connect()) {
      List<RunSummary> runs = client.list();
      if (format.json()) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        runs.forEach(run -> all.add(Json.run(run)));
        print(all.toPrettyString() + "\n");
      } else {
        print(RunText.list(runs));
      }
      return ExitCode.OK;
    }
  }

  @Command(
      name = "show",
      description = "Shows a run with its sites and figures.",
      mixinStandardHelpOptions = true)
  int show(
      @Parameters(paramLabel = "RUN") String run,
      @Mixin OperatorOptions options,
      @Mixin FormatOption format) {
    try (OperatorClient client = options.connect()) {
      return show(client.get(run), format);
    }
  }

  @Command(
      name = "watch",
      description = "Follows a run until it has ended; exit code 1 if it did not complete.",
      mixinStandardHelpOptions = true)
  int watch(
      @Parameters(paramLabel = "RUN") String run,
      @Mixin OperatorOptions options,
      @Mixin FormatOption format)
      throws InterruptedException {
    try (OperatorClient client = options.connect()) {
      return follow(client, run, format);
    }
  }

  @Command(
      name = "pause",
      description = {
        "Has a run stand still: its sites stop working on it within seconds.",
        "What they have sent is kept; a fusion under way ends its method first."
      },
      mixinStandardHelpOptions = true)
  int pause(
      @Parameters(paramLabel = "RUN") String run,
      @Mixin OperatorOptions options,
      @Mixin FormatOption format) {
    try (OperatorClient client = options.connect()) {
      return show(client.pause(run), format);
    }
  }

  @Command(
      name = "resume",
      description = "Takes up a paused run where it was.",
      mixinStandardHelpOptions = true)
  int resume(
      @Parameters(paramLabel = "RUN") String run,
      @Mixin OperatorOptions options,
      @Mixin FormatOption format) {
    try (OperatorClient client = options.connect()) {
      return show(client.resume(run), format);
    }
  }

  @Command(
      name = "cancel",
      description = "Ends a run before its time.",
      mixinStandardHelpOptions = true)
  int cancel(
      @Parameters(paramLabel = "RUN") String run,
      @Mixin OperatorOptions options,
      @Mixin FormatOption format) {
    try (OperatorClient client = options.connect()) {
      return show(client.cancel(run), format);
    }
  }

  @Command(
      name = "delete",
      description = {
        "Deletes a run that has ended, with its figures.",
        "Its models go from the coordinator soon after; sites keep what they adopted."
      },
      mixinStandardHelpOptions = true)
  int delete(@Parameters(paramLabel = "RUN") String run, @Mixin OperatorOptions options) {
    try (OperatorClient client = options.connect()) {
      client.delete(run);
      return ExitCode.OK;
    }
  }

  private int follow(OperatorClient client, String runId, FormatOption format)
      throws InterruptedException {
    RunSummary ended =
        client.watchThroughRestarts(
            runId, run -> tell(RunText.line(run)), why -> tell(why + "; trying again"));
    show(ended, format);
    return ended.completed() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  /** Tells one who waits, but nothing twice in a row. */
  private void tell(String line) {
    if (!line.equals(told)) {
      told = line;
      PrintWriter err = spec.commandLine().getErr();
      err.println(line);
      err.flush();
    }
  }

  private int show(RunSummary run, FormatOption format) {
    print(format.json() ? Json.run(run).toPrettyString() + "\n" : RunText.whole(run));
    return ExitCode.OK;
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }
}

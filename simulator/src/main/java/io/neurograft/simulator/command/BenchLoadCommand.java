package io.neurograft.simulator.command;

import io.neurograft.coordinator.command.FormatOption;
import io.neurograft.simulator.bench.load.LoadBenchmark;
import io.neurograft.simulator.bench.load.LoadPlan;
import io.neurograft.simulator.bench.load.LoadResult;
import io.neurograft.simulator.bench.load.LoadTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code neurograft bench load}: how a coordinator bears many sites. */
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Attaches many light nodes, all in this process, to a coordinator in another, and has them do a",
      "run: each sends a member, they are averaged, rounds of fine-tuning go down and up, and the",
      "model is published. The nodes pull, push and report as real ones do, but train nothing.",
      "Tells the time of each phase, the coordinator's memory, and calls that failed."
    })
final class BenchLoadCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--sites",
      defaultValue = "1000",
      paramLabel = "N",
      description = "How many nodes attach. Default: 1000.")
  private int sites;

  @Option(
      names = "--size",
      defaultValue = "1000",
      paramLabel = "KB",
      description = "A member, in kilobytes, about. Default: 1000.")
  private long size;

  @Option(
      names = "--rounds",
      defaultValue = "2",
      paramLabel = "N",
      description = "Rounds of fine-tuning. Default: 2.")
  private int rounds;

  @Option(
      names = "--heap",
      defaultValue = "256",
      paramLabel = "MiB",
      description = "The coordinator's largest heap. Default: 256.")
  private int heap;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description =
          "Where everything is stored meanwhile, in a folder that is removed at the end. "
              + "Default: the system's temporary folder.")
  private @Nullable Path folder;

  @Mixin private FormatOption format;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Amounts.require("--sites", sites, 1);
    Amounts.require("--size", size, 4);
    Amounts.require("--rounds", rounds, 1);
    Amounts.require("--heap", heap, 32);
    engine.start();
    Path made = ScratchFolder.make(folder, "load");
    RunLog.to(made.resolve("nodes.log"));
    LoadResult result;
    try (Terminal terminal = new Terminal("load", spec.commandLine().getErr())) {
      result =
          LoadBenchmark.run(
              new LoadPlan(sites, size * 1000, rounds),
              Neurograft.class.getName(),
              heap,
              made,
              terminal);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(format.json() ? Json.write(result) + "\n" : LoadTable.of(result));
    out.flush();
    return 0;
  }
}

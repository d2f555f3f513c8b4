package io.neurograft.simulator.command;

import io.neurograft.coordinator.command.FormatOption;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.DataUri;
import io.neurograft.simulator.bench.AccuracyBenchmark;
import io.neurograft.simulator.bench.AccuracyPlan;
import io.neurograft.simulator.bench.AccuracyTable;
import io.neurograft.simulator.bench.BenchmarkCase;
import io.neurograft.simulator.bench.CaseResult;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code neurograft bench accuracy}: the table of docs/fusion.md. */
@Command(
    name = "accuracy",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Fuses the members of several cases by every method and prints the accuracies as a table.",
      "Cases whose data or members are not given are left out, with a line that says so."
    })
final class BenchAccuracyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "PLAN.yaml",
      description = "Cases and methods. Default: those of docs/fusion.md.")
  private @Nullable Path plan;

  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "Data for the cases that name it, once for each: mnist:DIR, cifar10:DIR.")
  private List<String> data = List.of();

  @Option(
      names = "--members",
      paramLabel = "DIR",
      description = "Holds a folder of members for each case whose members were trained elsewhere.")
  private @Nullable Path members;

  @Option(
      names = "--case",
      paramLabel = "NAME",
      description = "Only this case; may be given several times.")
  private List<String> cases = List.of();

  @Mixin private FormatOption format;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() {
    AccuracyPlan read = plan == null ? builtIn() : Config.read(plan, AccuracyPlan::from);
    List<BenchmarkCase> chosen = chosen(read);
    data.forEach(DataUri::check);
    if (members != null && !Files.isDirectory(members)) {
      throw new InvalidInputException("--members", "expected a folder, found " + members);
    }
    engine.start();
    AccuracyBenchmark benchmark = new AccuracyBenchmark(read, data, Optional.ofNullable(members));
    List<CaseResult> results = new ArrayList<>();
    PrintWriter err = spec.commandLine().getErr();
    for (BenchmarkCase next : chosen) {
      Optional<CaseResult> result;
      try (Terminal terminal = new Terminal(next.name(), err)) {
        result = benchmark.run(next, terminal);
      }
      result.ifPresentOrElse(
          results::add,
          () -> err.println(next.name() + ": left out; it needs --data " + needs(next)));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(format.json() ? Json.write(results) + "\n" : AccuracyTable.of(results));
    out.flush();
    return 0;
  }

  private static String needs(BenchmarkCase of) {
    boolean stored = of.members() instanceof BenchmarkCase.Members.Stored;
    return of.data() + ":DIR" + (stored ? " and --members DIR" : "");
  }

  private List<BenchmarkCase> chosen(AccuracyPlan read) {
    List<String> names = read.cases().stream().map(BenchmarkCase::name).toList();
    for (String name : cases) {
      if (!names.contains(name)) {
        throw new InvalidInputException(
            "--case", "expected one of " + String.join(", ", names) + ", found " + name);
      }
    }
    return read.cases().stream().filter(c -> cases.isEmpty() || cases.contains(c.name())).toList();
  }

  private static AccuracyPlan builtIn() {
    return Config.parse(
        BuiltIn.text("/benchmarks/accuracy.yaml"), "the built-in plan", AccuracyPlan::from);
  }
}

package io.neurograft.simulator.command;

import io.neurograft.coordinator.command.FormatOption;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.simulator.bench.FusionBenchmark;
import io.neurograft.simulator.bench.FusionCase;
import io.neurograft.simulator.bench.FusionPlan;
import io.neurograft.simulator.bench.FusionTable;
import io.neurograft.simulator.bench.FusionTiming;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code neurograft bench fusion}: how fast every method is. */
@Command(
    name = "fusion",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Times fusions of seeded random members over random images: seconds, peak memory, and for",
      "interpolation the floor, which is the time of the matrix products that it cannot do without",
      "at the product rate measured first. The whole plan takes hours; choose with the options."
    })
final class BenchFusionCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "PLAN.yaml",
      description = "Networks, members, images and methods. Default: the built-in plan.")
  private @Nullable Path plan;

  @Option(
      names = "--network",
      paramLabel = "NAME",
      description =
          "Only this network: mlp, vgg11-half, vgg11 or resnet18; several times for more.")
  private List<String> networks = List.of();

  @Option(
      names = "--members",
      paramLabel = "K",
      description = "Only this number of members; several times for more.")
  private List<Integer> members = List.of();

  @Option(
      names = "--images",
      paramLabel = "N",
      description = "Only this number of images; several times for more.")
  private List<Integer> images = List.of();

  @Option(
      names = "--method",
      paramLabel = "M",
      description = "Only methods of this name, as the table shows it; several times for more.")
  private List<String> methods = List.of();

  @Mixin private FormatOption format;

  @Mixin private KeptMemory kept;

  @Mixin private EngineOptions engine;

  @Override
  public Integer call() {
    FusionPlan read =
        plan == null
            ? Config.parse(
                BuiltIn.text("/benchmarks/fusion.yaml"), "the built-in plan", FusionPlan::from)
            : Config.read(plan, FusionPlan::from);
    List<FusionCase> cases = read.cases().stream().filter(this::chosen).toList();
    if (cases.isEmpty()) {
      throw new InvalidInputException("options", "the plan has no such case");
    }
    engine.start();
    PrintWriter err = spec.commandLine().getErr();
    FusionBenchmark benchmark = new FusionBenchmark(kept.bytes());
    err.printf(Locale.ROOT, "product rate: %.1f GFLOP/s%n", benchmark.rate() / 1e9);
    List<FusionTiming> timings = new ArrayList<>();
    for (FusionCase next : cases) {
      try (Terminal terminal = new Terminal(next.label(), err)) {
        timings.add(benchmark.run(next, (done, phase) -> terminal.report(done, next.label())));
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(format.json() ? Json.write(timings) + "\n" : FusionTable.of(timings));
    out.flush();
    return 0;
  }

  private boolean chosen(FusionCase of) {
    return matches(networks, of.name())
        && matches(members, of.members())
        && matches(images, of.images())
        && matches(methods, of.method().label());
  }

  private static <T> boolean matches(List<T> wanted, T found) {
    return wanted.isEmpty() || wanted.contains(found);
  }
}

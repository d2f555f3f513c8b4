package io.neurograft.simulator.command;

import io.neurograft.coordinator.command.FormatOption;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.simulator.chaos.ChaosBenchmark;
import io.neurograft.simulator.chaos.ChaosPlan;
import io.neurograft.simulator.chaos.ChaosReport;
import io.neurograft.simulator.chaos.ChaosText;
import io.neurograft.simulator.chaos.OwnDisks;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code neurograft bench chaos}: whether runs survive what machines and networks do to them. */
@Command(
    name = "chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Starts a coordinator and nodes as processes and disturbs them at seeded moments: kill -9,",
      "SIGSTOP, connections that are cut, silent, late or slow, full disks, clocks that are set.",
      "Every run must end with the models of an undisturbed one. Fails if anything differs, is sent",
      "twice, is left over or hangs, and tells how to run the same disturbances again."
    })
final class BenchChaosCommand implements Callable<Integer> {
  private static final int DISTURBANCES = 200;
  private static final Duration LONGEST = Duration.ofDays(1);

  @Spec private CommandSpec spec;

  @Option(
      names = "--disturbances",
      paramLabel = "N",
      description = "How many. Default: 200, or as many as fit where --minutes is given.")
  private @Nullable Integer disturbances;

  @Option(
      names = "--minutes",
      paramLabel = "M",
      description = "For how long. Default: until all disturbances are done.")
  private @Nullable Integer minutes;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of the disturbances. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--sites",
      paramLabel = "K",
      defaultValue = "3",
      description = "The number of nodes, 2 to 20. Default: ${DEFAULT-VALUE}.")
  private int sites;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description =
          "An empty folder for logs and configurations, which are kept there. Default: a temporary"
              + " one, kept only if something fails.")
  private @Nullable Path keep;

  @Mixin private FormatOption format;

  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    if (!OwnDisks.within()) {
      OptionalInt code =
          OwnDisks.run(
              Neurograft.class.getName(),
              spec.root().commandLine().getParseResult().originalArgs());
      if (code.isPresent()) {
        return code.getAsInt();
      }
    } else {
      OwnDisks.endWithParent();
    }
    Path folder = folder();
    PrintWriter err = spec.commandLine().getErr();
    ChaosReport report;
    try (Terminal terminal = new Terminal("chaos", err);
        PrintWriter log =
            new PrintWriter(Files.newBufferedWriter(folder.resolve("chaos.log")), true)) {
      long start = System.nanoTime();
      report =
          new ChaosBenchmark(
                  plan(folder),
                  line -> log.printf("%8.3f %s%n", (System.nanoTime() - start) / 1e9, line))
              .run(terminal);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(format.json() ? Json.write(report) + "\n" : ChaosText.of(report));
    out.flush();
    if (report.passed() && keep == null) {
      delete(folder);
    } else if (!report.passed()) {
      err.println("logs are kept in " + folder);
      err.println("again: " + again());
    }
    return report.passed() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void check() {
    if (sites < 2 || sites > 20) {
      throw new InvalidInputException("--sites", "expected 2 to 20, found " + sites);
    }
    if (disturbances != null && disturbances < 1) {
      throw new InvalidInputException("--disturbances", "expected at least 1");
    }
    if (minutes != null && minutes < 1) {
      throw new InvalidInputException("--minutes", "expected at least 1");
    }
  }

  private ChaosPlan plan(Path folder) {
    OptionalInt most =
        disturbances != null
            ? OptionalInt.of(disturbances)
            : minutes != null ? OptionalInt.empty() : OptionalInt.of(DISTURBANCES);
    Duration time = minutes == null ? LONGEST : Duration.ofMinutes(minutes);
    return new ChaosPlan(seed, most, time, sites, OwnDisks.within(), folder);
  }

  private Path folder() throws IOException {
    if (keep == null) {
      return Files.createTempDirectory("neurograft-chaos-");
    }
    Path folder = Files.createDirectories(keep.toAbsolutePath());
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw new InvalidInputException("--keep", "expected an empty folder, found " + folder);
      }
    }
    return folder;
  }

  private String again() {
    return "./neurograft "
        + String.join(" ", spec.root().commandLine().getParseResult().originalArgs());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}

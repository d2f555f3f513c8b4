package io.neurograft.simulator.chaos;

import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.neural.Progress;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Runs that are disturbed, one after the other, each compared with an undisturbed run of the same
 * kind: the same members, the same models, nothing sent twice, nothing left over, nothing that
 * hangs.
 */
public final class ChaosBenchmark {
  /** After how long a run counts as hanging, for every second that it takes undisturbed. */
  private static final Duration LIMIT = Duration.ofMinutes(5);

  /** How long after the last run all may take to clear up. */
  private static final Duration CLEARING = Duration.ofSeconds(60);

  /** What a process may call an error when its disk is full. */
  private static final Pattern FULL_DISK = Pattern.compile("the database cannot be used: .*wait");

  private static final Pattern ERROR = Pattern.compile("^\\S+ ERROR .*");

  /** One run of each so many is cancelled. */
  private static final int CANCELLED = 5;

  private static final class Hang extends Exception {
    private static final long serialVersionUID = 1L;

    Hang(String message) {
      super(message);
    }
  }

  private final ChaosPlan plan;
  private final Consumer<String> log;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, SortedMap<String, String>> expected = new HashMap<>();
  private final Map<String, Double> undisturbed = new HashMap<>();
  private int started;
  private int disturbances;
  private int runs;
  private int cancelled;
  private double expectedSeconds;
  private double runSeconds;

  /**
   * @param log hears of each disturbance and each run, in one line
   */
  public ChaosBenchmark(ChaosPlan plan, Consumer<String> log) {
    this.plan = plan;
    this.log = log;
  }

  /**
   * Runs it.
   *
   * @throws IOException if the processes cannot be started
   */
  public ChaosReport run(Progress progress) throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (Stage stage = new Stage(plan.folder(), plan.sites(), plan.disks())) {
      progress.report(0, "starting a coordinator and " + plan.sites() + " nodes");
      stage.start();
      Operator operator = new Operator(stage.port());
      SplittableRandom random = new SplittableRandom(plan.seed());
      Map<Kind, Integer> counts = Map.of();
      double slowest = 0;
      try {
        for (String kind : ChaosRuns.kinds()) {
          progress.report(0, "undisturbed: " + kind);
          undisturbed(stage, operator, kind);
        }
        Disturber disturber = disturber(stage, random.nextLong(), progress);
        disturber.start();
        try {
          while (faults.isEmpty() && !disturber.done()) {
            disturbed(stage, operator, random);
          }
        } finally {
          disturber.stop();
          counts = disturber.counts();
          faults.addAll(disturber.faults());
        }
        progress.report(1, "looking for what is left over");
        slowest = end(stage);
      } catch (Hang e) {
        faults.add(String.valueOf(e.getMessage()));
        stage.dumpThreads();
      } catch (SQLException | IOException e) {
        faults.add(e.toString());
        stage.dumpThreads();
      } finally {
        operator.close();
      }
      faults.addAll(stage.logged(this::unexplained));
      return report(stage, counts, slowest, (System.nanoTime() - start) / 1e9);
    }
  }

  private Disturber disturber(Stage stage, long seed, Progress progress) {
    long end = System.nanoTime() + plan.time().toNanos();
    int most = plan.disturbances().orElse(Integer.MAX_VALUE);
    return new Disturber(
        stage.actors(),
        seed,
        plan.disks(),
        () -> {
          if (disturbances >= most || System.nanoTime() >= end) {
            return false;
          }
          disturbances++;
          progress.report(
              most == Integer.MAX_VALUE ? 0 : (double) disturbances / most, "disturbing");
          return true;
        },
        log);
  }

  private void undisturbed(Stage stage, Operator operator, String kind)
      throws IOException, InterruptedException, SQLException, Hang {
    long start = System.nanoTime();
    RunSummary run = completed(operator, create(operator, kind));
    undisturbed.put(kind, (System.nanoTime() - start) / 1e9);
    expected.put(kind, ModelDigests.of(stage.coordinator().state(), run.run()));
    log.accept("%s took %.1f s undisturbed".formatted(kind, undisturbed.get(kind)));
  }

  private void disturbed(Stage stage, Operator operator, SplittableRandom random)
      throws IOException, InterruptedException, SQLException, Hang {
    String kind = ChaosRuns.kinds().get(started % ChaosRuns.kinds().size());
    long start = System.nanoTime();
    stage.uploads().forgetAnswers();
    RunSummary created = create(operator, kind);
    if (random.nextInt(CANCELLED) == 0) {
      Thread.sleep(random.nextLong(Math.round(2000 * undisturbed.getOrDefault(kind, 1.0))));
      operator.cancel(created.run());
      operator.follow(created.run(), LIMIT);
      cancelled++;
      return;
    }
    RunSummary run = completed(operator, created);
    double seconds = (System.nanoTime() - start) / 1e9;
    runs++;
    runSeconds += seconds;
    expectedSeconds += undisturbed.getOrDefault(kind, 0.0);
    log.accept("%s took %.1f s: %s".formatted(run.run(), seconds, run.message()));
    compare(kind, run.run(), ModelDigests.of(stage.coordinator().state(), run.run()));
  }

  private RunSummary create(Operator operator, String kind) throws InterruptedException {
    String name = kind + "-" + ++started;
    return operator.create(name, ChaosRuns.specification(kind, name, plan.sites()));
  }

  private static RunSummary completed(Operator operator, RunSummary created)
      throws InterruptedException, Hang {
    RunSummary run = operator.follow(created.run(), LIMIT);
    if (!run.completed()) {
      String how = run.ended() ? "ended as " + run.state() : "hangs, " + run.state();
      throw new Hang("run " + run.run() + " " + how + ": " + run.message() + " " + run.sites());
    }
    return run;
  }

  private void compare(String kind, String run, SortedMap<String, String> found) {
    SortedMap<String, String> wanted = expected.getOrDefault(kind, new TreeMap<>());
    wanted.forEach(
        (what, digest) -> {
          if (!digest.equals(found.get(what))) {
            faults.add(
                "run %s: %s is %s, undisturbed it is %s"
                    .formatted(run, what, found.get(what), digest));
          }
        });
    found.keySet().stream()
        .filter(what -> !wanted.containsKey(what))
        .forEach(what -> faults.add("run " + run + " has a " + what + ", undisturbed it has not"));
  }

  private interface Look {
    List<String> left() throws IOException, SQLException;
  }

  /** Waits until all have cleared up, stops all, and looks at what they leave. */
  private double end(Stage stage) throws IOException, InterruptedException, SQLException {
    Look atNodes = () -> leftAtNodes(stage);
    await(atNodes);
    double slowest = stage.terminate(faults::add).toMillis() / 1e3;
    atNodes.left().forEach(file -> faults.add("left over: " + file));
    stage.collect();
    await(() -> Leftovers.artifacts(stage.coordinator()));
    stage.terminate(stage.coordinator(), faults::add);
    Leftovers.atCoordinator(stage.coordinator()).forEach(f -> faults.add("left over: " + f));
    stage.uploads().repeated().forEach(digest -> faults.add("sent again: artifact " + digest));
    return slowest;
  }

  private static void await(Look look) throws IOException, InterruptedException, SQLException {
    long end = System.nanoTime() + CLEARING.toNanos();
    while (System.nanoTime() < end && !look.left().isEmpty()) {
      Thread.sleep(200);
    }
  }

  private static List<String> leftAtNodes(Stage stage) throws IOException {
    List<String> left = new ArrayList<>();
    for (Actor node : stage.nodes()) {
      left.addAll(Leftovers.atNode(node));
    }
    return left;
  }

  private boolean unexplained(String line) {
    return ERROR.matcher(line).matches() && !(plan.disks() && FULL_DISK.matcher(line).find());
  }

  private ChaosReport report(Stage stage, Map<Kind, Integer> counts, double slowest, double seconds)
      throws IOException {
    SortedMap<String, Integer> byKind = new TreeMap<>();
    counts.forEach((kind, count) -> byKind.put(kind.word(), count));
    var uploads = stage.uploads().count();
    return new ChaosReport(
        plan.seed(),
        plan.sites(),
        byKind,
        plan.disks(),
        runs,
        cancelled,
        stage.logged(line -> line.contains("trying again in")).size(),
        uploads.artifacts(),
        uploads.accepted(),
        uploads.sent(),
        expectedSeconds,
        runSeconds,
        seconds,
        slowest,
        faults);
  }
}

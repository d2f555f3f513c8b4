package io.neurograft.simulator.bench.load;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.neurograft.client.metrics.NodeMetrics;
import io.neurograft.client.retry.Retry;
import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.neural.Progress;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.simulator.process.CoordinatorProcess;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Attaches many light nodes of this process to a coordinator in another, and has them do a whole
 * run: members, their average, rounds of fine-tuning, a published model.
 */
public final class LoadBenchmark {
  /** How many nodes work at the same time: in truth each has a machine of its own. */
  private static final int WORKERS = 8;

  private static final Duration RENEWAL = Duration.ofSeconds(2);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Pattern CALL =
      Pattern.compile("calls_total\\{method=\"(\\w+)\",status=\"(\\w+)\"} ([0-9.E]+)");

  private final LoadPlan plan;
  private final Path folder;
  private final Progress progress;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<LoadResult.Phase> phases = new ArrayList<>();

  private LoadBenchmark(LoadPlan plan, Path folder, Progress progress) {
    this.plan = plan;
    this.folder = folder;
    this.progress = progress;
  }

  /**
   * Runs the plan.
   *
   * @param program the main class, which knows the command {@code coordinator}
   * @param heapMebibytes the coordinator's largest heap
   * @param folder for all that is sent and stored; empty, and not cleared when this ends
   * @throws IllegalStateException if the run does not complete
   */
  public static LoadResult run(
      LoadPlan plan, String program, int heapMebibytes, Path folder, Progress progress)
      throws IOException, InterruptedException {
    return new LoadBenchmark(plan, folder, progress).run(program, heapMebibytes);
  }

  private LoadResult run(String program, int heapMebibytes)
      throws IOException, InterruptedException {
    int metrics = freePort();
    ExecutorService workers = Executors.newFixedThreadPool(WORKERS, Compute.threads("light-node"));
    ScheduledExecutorService pulse =
        Executors.newSingleThreadScheduledExecutor(Compute.threads("light-pulse"));
    List<LightNode> nodes = new ArrayList<>();
    try (CoordinatorProcess coordinator =
        CoordinatorProcess.start(
            program,
            folder.resolve("coordinator"),
            heapMebibytes,
            "metrics: {port: " + metrics + "}\n")) {
      Endpoint endpoint = coordinator.awaitEndpoint();
      try (OperatorClient operator = OperatorClient.to(endpoint, Optional.empty())) {
        attach(endpoint, operator, workers, nodes);
        var unused =
            pulse.scheduleWithFixedDelay(
                () -> nodes.forEach(LightNode::renew),
                RENEWAL.toMillis(),
                RENEWAL.toMillis(),
                TimeUnit.MILLISECONDS);
        follow(operator);
        return new LoadResult(
            plan,
            List.copyOf(phases),
            coordinator.peakMemory(),
            coordinator.peakHeap(),
            failedCalls(metrics),
            lostSessions());
      } finally {
        pulse.shutdownNow();
        workers.shutdownNow();
        nodes.forEach(LightNode::close);
      }
    }
  }

  private void attach(
      Endpoint coordinator, OperatorClient operator, ExecutorService workers, List<LightNode> nodes)
      throws IOException, InterruptedException {
    LightModels models = new LightModels(plan.size());
    NodeMetrics metrics = new NodeMetrics(registry);
    long start = System.nanoTime();
    for (int i = 0; i < plan.sites(); i++) {
      String site = String.format(Locale.ROOT, "site-%04d", i + 1);
      nodes.add(
          new LightNode(
              site,
              coordinator,
              folder.resolve("sites").resolve(site),
              models,
              workers,
              metrics,
              Retry.Policy.standard(new Random(i), Clock.systemUTC())));
    }
    long attached = 0;
    while (attached < plan.sites()) {
      Thread.sleep(POLL.toMillis());
      attached = operator.sites().stream().filter(site -> site.attached()).count();
      progress.report(0.1 * attached / plan.sites(), "attaching sites");
    }
    phases.add(
        new LoadResult.Phase(plan.sites() + " sites attach", (System.nanoTime() - start) / 1e9));
  }

  private void follow(OperatorClient operator) throws InterruptedException {
    RunSummary run =
        operator.create(
            """
            name: load
            network:
              %s
            sites: {minimum: %d}
            scores: {method: uniform}
            methods: [average]
            fine-tuning: {rounds: %d}
            """
                .formatted(
                    new LightModels(plan.size()).network().toYaml().replace("\n", "\n  "),
                    plan.sites(),
                    plan.rounds()));
    RunSummary last = run;
    while (!run.ended()) {
      Thread.sleep(POLL.toMillis());
      String id = run.run();
      run = operator.list().stream().filter(r -> r.run().equals(id)).findFirst().orElseThrow();
      if (!run.changed().equals(last.changed())) {
        ended(last, run.changed());
        last = run;
      }
      progress.report(0.1 + 0.9 * done(run), words(run));
    }
    if (!run.completed()) {
      throw new IllegalStateException("the run did not complete: " + run.message());
    }
  }

  private double done(RunSummary run) {
    return (double) run.round() / (plan.rounds() + 1);
  }

  private static String words(RunSummary run) {
    return run.state() + (run.round() > 0 ? ", round " + run.round() : "");
  }

  private void ended(RunSummary run, Instant end) {
    phases.add(
        new LoadResult.Phase(words(run), Duration.between(run.changed(), end).toMillis() / 1e3));
  }

  private long lostSessions() {
    return registry.getMeters().stream()
        .filter(meter -> meter.getId().getName().equals("neurograft.node.session.failures"))
        .mapToLong(meter -> Math.round(((Counter) meter).count()))
        .sum();
  }

  private static Map<String, Long> failedCalls(int metrics)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics + "/metrics")).build();
    String page = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    Map<String, Long> failed = new TreeMap<>();
    Matcher calls = CALL.matcher(page);
    while (calls.find()) {
      if (!calls.group(2).equals("OK")) {
        failed.put(
            calls.group(1) + " " + calls.group(2), Math.round(Double.parseDouble(calls.group(3))));
      }
    }
    return failed;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}

package io.neurograft.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.coordinator.artifact.ArtifactSettings;
import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.rpc.ScriptedSite;
import io.neurograft.coordinator.rpc.ScriptedSite.Act;
import io.neurograft.coordinator.rpc.SiteSummary;
import io.neurograft.coordinator.store.DatabaseSettings;
import io.neurograft.neural.tensor.DeviceSetting;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.v1.Task;
import io.neurograft.testing.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;

/** A coordinator in a folder, its sites and its operator; can be stopped and started again. */
final class Rig implements AutoCloseable {
  static final String SPEC =
      """
      name: rig
      network: {family: mlp, widths: [6], classes: 10, input: {shape: [1, 28, 28]}}
      sites: {minimum: %d, wait: 20s}
      methods: [average, transplant, interpolate]
      moments: {proxy: "glyphs?train=60&test=40", samples: 60}
      scores: {method: uniform}
      fine-tuning: {rounds: %d}
      deadline: %s
      seed: 7
      %s
      """;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Optional<DatabaseSettings> database;
  private final ArtifactSettings artifacts;
  private final List<ScriptedSite> sites = new ArrayList<>();
  private Coordinator coordinator;
  private OperatorClient operator;

  Rig(Path folder) {
    this(folder, Optional.empty(), ArtifactSettings.DEFAULT);
  }

  /**
   * @param database a PostgreSQL database; otherwise an SQLite file
   */
  Rig(Path folder, Optional<DatabaseSettings> database, ArtifactSettings artifacts) {
    this.folder = folder;
    this.artifacts = artifacts;
    this.database = database;
    this.coordinator = start();
    this.operator = connect();
  }

  static String spec(int minimum, int rounds, String deadline, boolean evaluatedHere) {
    String evaluation = evaluatedHere ? "evaluation: \"glyphs?train=60&test=40\"" : "";
    return SPEC.formatted(minimum, rounds, deadline, evaluation);
  }

  private Coordinator start() {
    return Coordinator.start(
        new CoordinatorConfig(
            new Endpoint("127.0.0.1", 0),
            folder.resolve("coordinator"),
            database,
            artifacts,
            1,
            DeviceSetting.AUTO,
            Optional.empty(),
            Optional.of(new Endpoint("127.0.0.1", 0)),
            Duration.ofMillis(500),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            ArtifactFolder.DEFAULT_MAX_BYTES,
            0));
  }

  private OperatorClient connect() {
    return OperatorClient.to(new Endpoint("127.0.0.1", port()), Optional.empty());
  }

  /** Stops the coordinator, loses every connection, and starts another one on the same folder. */
  void restart() {
    restart(Duration.ZERO);
  }

  /** The same, with nobody there for a while. */
  void restart(Duration pause) {
    restart(pause, () -> {});
  }

  /** The same, with something that happens meanwhile. */
  void restart(Duration pause, Runnable meanwhile) {
    sites.forEach(ScriptedSite::close);
    sites.clear();
    operator.close();
    coordinator.close();
    LockSupport.parkNanos(pause.toNanos());
    meanwhile.run();
    coordinator = start();
    operator = connect();
  }

  int port() {
    return coordinator.port();
  }

  Coordinator coordinator() {
    return coordinator;
  }

  OperatorClient operator() {
    return operator;
  }

  Path folder() {
    return folder;
  }

  ScriptedSite site(String name) throws IOException {
    return site(name, (task, time) -> Act.DO);
  }

  ScriptedSite site(String name, BiFunction<Task, Integer, Act> script) throws IOException {
    ScriptedSite site = new ScriptedSite(name, port(), folder.resolve("sites"), script).attach();
    sites.add(site);
    return site;
  }

  /** Waits until all these sites are attached, so that a run starts with all of them. */
  void awaitSites() {
    until(() -> operator.sites().stream().filter(SiteSummary::attached).count() == sites.size());
  }

  RunSummary awaitEnd(String run) {
    return operator.watch(run, now -> {});
  }

  RunSummary await(String run, String state) {
    until(() -> operator.get(run).state().equals(state) || operator.get(run).ended());
    RunSummary now = operator.get(run);
    assertThat(now.state()).as(now.message()).isEqualTo(state);
    return now;
  }

  static void until(BooleanSupplier holds) {
    Waiting.until(PATIENCE, holds);
  }

  @Override
  public void close() {
    sites.forEach(ScriptedSite::close);
    operator.close();
    coordinator.close();
  }
}

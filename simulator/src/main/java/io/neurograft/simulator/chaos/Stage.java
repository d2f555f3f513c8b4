package io.neurograft.simulator.chaos;

import io.neurograft.simulator.chaos.transfer.UploadWatch;
import io.neurograft.simulator.process.Program;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A coordinator and several nodes as processes, each with a wire to it, on one machine. */
final class Stage implements AutoCloseable {
  /** Room for a few runs; filling it takes no time. */
  private static final int MEBIBYTES = 48;

  private static final String COORDINATOR =
      """
      listen: 127.0.0.1:%d
      folder: %s
      threads: 1
      device: cpu
      heartbeat: 500ms
      lease: 3s
      minimum-free: 0
      """;

  private static final String COLLECTING = "artifacts: {unreferenced-after: 1s}\n";

  /** Later than any clock was set to. */
  private static final Duration LATER = Duration.ofDays(30);

  private static final String NODE =
      """
      coordinator: 127.0.0.1:%d
      site: %s
      folder: %s
      threads: 1
      device: cpu
      keepalive: 10s
      minimum-free: %s
      data:
        uri: "glyphs?train=%d&test=10"
        hold-back: 0.2
        partition: {dirichlet: {alpha: 0.5, seed: 3}, of: %d, index: %d}
      """;

  /** The exit code after SIGTERM: 128 and the number of the signal. */
  private static final int TERMINATED = 143;

  private static final int EXAMPLES = 300;

  private final Actor coordinator;
  private final List<Actor> nodes = new ArrayList<>();
  private final UploadWatch uploads = new UploadWatch();
  private final int port;

  /**
   * Writes the configurations.
   *
   * @param folder for everything; it exists
   * @param disks whether each process has a disk of its own, which can be filled
   */
  Stage(Path folder, int sites, boolean disks) throws IOException, InterruptedException {
    port = freePort();
    coordinator =
        new Actor("coordinator", "coordinator", folder, disk(folder, "coordinator", disks), none());
    coordinator.configure(COORDINATOR.formatted(port, coordinator.state()));
    for (int index = 0; index < sites; index++) {
      String site = "site-" + (index + 1);
      Wire wire = new Wire(port, uploads);
      Actor node = new Actor(site, "node", folder, disk(folder, site, disks), Optional.of(wire));
      node.configure(
          NODE.formatted(
              wire.port(),
              site,
              node.state(),
              index == 0 ? "0" : "1MiB", // which meets a disk without a byte, and one that is full
              EXAMPLES * sites,
              sites,
              index));
      nodes.add(node);
    }
  }

  private static Optional<Wire> none() {
    return Optional.empty();
  }

  private static Disk disk(Path folder, String name, boolean own)
      throws IOException, InterruptedException {
    Path place = folder.resolve(name + ".disk");
    return own ? Disk.mount(place, MEBIBYTES) : Disk.shared(place);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Starts all; returns when every node is attached. */
  void start() throws IOException, InterruptedException {
    coordinator.start().await("coordinator listens");
    for (Actor node : nodes) {
      node.start();
    }
    for (Actor node : nodes) {
      node.program().await("attached as site");
    }
  }

  /** Where the operator dials. */
  int port() {
    return port;
  }

  Actor coordinator() {
    return coordinator;
  }

  List<Actor> nodes() {
    return nodes;
  }

  List<Actor> actors() {
    List<Actor> all = new ArrayList<>();
    all.add(coordinator);
    all.addAll(nodes);
    return all;
  }

  UploadWatch uploads() {
    return uploads;
  }

  /**
   * Starts the coordinator once more, as if an operator looked in after a month, and has it collect
   * at once what nobody names.
   */
  void collect() throws IOException, InterruptedException {
    coordinator.configure(COORDINATOR.formatted(port, coordinator.state()) + COLLECTING);
    coordinator.setClock(LATER.toMillis());
    coordinator.start().await("coordinator listens");
  }

  /**
   * Stops all as a service manager does.
   *
   * @param fault hears of each that does not end as it should
   * @return how long the slowest took
   */
  Duration terminate(Consumer<String> fault) throws InterruptedException {
    Duration slowest = Duration.ZERO;
    for (Actor node : nodes) {
      Duration span = terminate(node, fault);
      slowest = span.compareTo(slowest) > 0 ? span : slowest;
    }
    Duration span = terminate(coordinator, fault);
    return span.compareTo(slowest) > 0 ? span : slowest;
  }

  /** Stops one as a service manager does. */
  Duration terminate(Actor actor, Consumer<String> fault) throws InterruptedException {
    Duration span = actor.program().terminate();
    if (actor.program().exitCode() != TERMINATED) {
      fault.accept(actor.name() + " ended with the exit code " + actor.program().exitCode());
    }
    return span;
  }

  /** Has every process write its threads to its log. */
  void dumpThreads() throws IOException, InterruptedException {
    for (Actor actor : actors()) {
      Program program = actor.program();
      program.signal("CONT");
      program.signal("QUIT");
    }
    Thread.sleep(1000); // it is written by the process itself, in its own time
  }

  /** All log lines of all processes that a condition holds for, each with the name of its file. */
  List<String> logged(Predicate<String> line) throws IOException {
    List<String> found = new ArrayList<>();
    for (Actor actor : actors()) {
      for (Path log : actor.logs()) {
        try (var lines = Files.lines(log)) {
          lines.filter(line).forEach(text -> found.add(log.getFileName() + ": " + text));
        }
      }
    }
    return found;
  }

  @Override
  public void close() throws IOException {
    for (Actor actor : actors()) {
      actor.close();
    }
  }
}

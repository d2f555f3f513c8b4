package io.neurograft.coordinator;

import io.neurograft.coordinator.command.CoordinatorCommand;
import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.rpc.ScriptedSite;
import io.neurograft.coordinator.rpc.ScriptedSite.Act;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.testing.Signals;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import picocli.CommandLine;

/** A coordinator in a process of its own, which can be stopped and killed at any moment. */
final class Killable implements AutoCloseable {
  private final Path folder;
  private final int port;
  private final List<ScriptedSite> sites = new ArrayList<>();
  private Optional<Process> process = Optional.empty();
  private final OperatorClient operator;

  /** The process's main method. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new CoordinatorCommand()).execute(arguments));
  }

  Killable(Path folder) throws IOException {
    this(folder, "");
  }

  /**
   * @param more lines of its configuration
   */
  Killable(Path folder, String more) throws IOException {
    this(folder, more, Optional.empty());
  }

  /**
   * @param more lines of its configuration
   * @param operator what its operator shows, where it speaks TLS
   */
  Killable(Path folder, String more, Optional<TlsSettings> operator) throws IOException {
    Compute.start(1);
    this.folder = Files.createDirectories(folder);
    try (ServerSocket free = new ServerSocket(0)) {
      this.port = free.getLocalPort();
    }
    this.operator = OperatorClient.to(endpoint(), operator);
    Files.writeString(
        folder.resolve("coordinator.yaml"),
        "listen: 127.0.0.1:"
            + port
            + "\nfolder: coordinator\nheartbeat: 500ms\nlease: 5s\n"
            + more);
  }

  /** Starts it; returns when it answers its operator. */
  void start() throws IOException {
    launch();
    awaitAnswer();
  }

  void awaitAnswer() {
    Rig.until(this::answers);
  }

  /** Starts it, and does not wait. */
  void launch() throws IOException {
    process =
        Optional.of(
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-XX:TieredStopAtLevel=1",
                    "-Dlogback.configurationFile=" + logging(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Killable.class.getName(),
                    "--config",
                    folder.resolve("coordinator.yaml").toString())
                .inheritIO()
                .start());
  }

  /** As in this process; outside the build, as in any other. */
  private static String logging() {
    return System.getProperty("logback.configurationFile", "logback.xml");
  }

  private boolean answers() {
    try {
      operator.list();
      return true;
    } catch (InvalidInputException e) {
      return false; // not yet
    }
  }

  Endpoint endpoint() {
    return new Endpoint("127.0.0.1", port);
  }

  OperatorClient operator() {
    return operator;
  }

  void sites(String... names) throws IOException {
    for (String name : names) {
      sites.add(ScriptedSite.diligent(name, port, folder.resolve("sites")));
    }
  }

  /** A site with a certificate, attached; it has no work. */
  ScriptedSite site(String name, TlsSettings shown) throws IOException {
    ScriptedSite site =
        new ScriptedSite(
                name,
                Channels.client(endpoint(), Optional.of(shown)).build(),
                folder.resolve("sites"),
                (task, time) -> Act.IGNORE)
            .attach();
    sites.add(site);
    return site;
  }

  void await(String run, Predicate<RunSummary> holds) {
    Rig.until(() -> holds.test(operator.get(run)));
  }

  /** SIGSTOP: it stands still until {@link #goOn}, and its connections stay as they are. */
  void pause() throws IOException, InterruptedException {
    Signals.send(process.orElseThrow(), "STOP");
  }

  /** SIGCONT. */
  void goOn() throws IOException, InterruptedException {
    Signals.send(process.orElseThrow(), "CONT");
  }

  /** SIGKILL: no hook runs, nothing is flushed. */
  void kill() {
    process.ifPresent(running -> running.destroyForcibly().onExit().join());
    sites.forEach(ScriptedSite::close);
    sites.clear();
  }

  @Override
  public void close() {
    kill();
    operator.close();
  }
}

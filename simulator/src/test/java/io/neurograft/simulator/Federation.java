package io.neurograft.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;
import io.neurograft.simulator.Authority.Credentials;
import io.neurograft.simulator.command.Neurograft;
import io.neurograft.simulator.process.Program;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A coordinator, three sites and their operator: each a process that knows a configuration file, a
 * folder and a certificate of its own, and meets the others on the wire alone.
 */
final class Federation implements AutoCloseable {
  static final String COORDINATOR = "coordinator";
  static final List<String> SITES = List.of("hospital-a", "hospital-b", "hospital-c");

  private static final String RUN =
      """
      name: glyphs
      network: {family: mlp, widths: [24], classes: 10, input: {shape: [1, 28, 28], mean: [0.146], std: [0.279]}}
      sites: {minimum: 3, wait: 1m}
      training: {learning-rate: 0.05, momentum: 0.9, batch-size: 16, epochs: 12}
      scores: {method: conductance, examples: 60, steps: 4}
      methods: [transplant, interpolate]
      moments: {federated: {secure: true}}
      fine-tuning: {rounds: 2, epochs: 3, learning-rate: 0.01}
      deadline: 2m
      seed: 7
      """;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final Authority authority;
  private final Credentials operator;
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, Program> programs = new LinkedHashMap<>();

  /** Writes the configuration files; what they name lies beside them. */
  Federation(Path folder, Authority authority) throws Exception {
    this.folder = Files.createDirectories(folder);
    this.authority = authority;
    this.operator =
        authority.issue(folder.getFileName() + "-operator", new Identity(Role.OPERATOR, "alice"));
    choosePorts();
    write(
        COORDINATOR,
        "listen: 127.0.0.1:" + ports.get("listen") + "\nfolder: " + COORDINATOR + "\n");
    for (int index = 0; index < SITES.size(); index++) {
      write(
          SITES.get(index),
          """
          coordinator: 127.0.0.1:%d
          site: %s
          folder: %2$s
          data:
            uri: "glyphs?train=900&test=10"
            hold-back: 0.2
            partition: {dirichlet: {alpha: 0.5, seed: 3}, of: 3, index: %d}
          """
              .formatted(ports.get("listen"), SITES.get(index), index));
    }
    Files.writeString(folder.resolve("run.yaml"), RUN);
  }

  private void choosePorts() throws IOException {
    List<ServerSocket> free = new ArrayList<>();
    for (String name : List.of("listen", COORDINATOR, SITES.get(0), SITES.get(1), SITES.get(2))) {
      free.add(new ServerSocket(0));
      ports.put(name, free.get(free.size() - 1).getLocalPort());
    }
    for (ServerSocket socket : free) {
      socket.close();
    }
  }

  private void write(String name, String start) throws Exception {
    Credentials own =
        authority.issue(folder.getFileName() + "-" + name, new Identity(Role.SITE, name));
    Files.writeString(
        folder.resolve(name + ".yaml"),
        start
            + """
            threads: 1
            tls: {trust: "%s", certificate: "%s", key: "%s"}
            metrics: {port: %d}
            """
                .formatted(authority.certificate(), own.certificate(), own.key(), ports.get(name)));
  }

  /** Starts all; returns when every site is attached. */
  void start() throws IOException, InterruptedException {
    start(COORDINATOR).await("coordinator listens");
    for (String site : SITES) {
      start(site);
    }
    for (String site : SITES) {
      program(site).await("attached as site");
    }
  }

  /** Starts the coordinator or a node, for the first time or again on the same folder. */
  Program start(String name) throws IOException {
    String command = name.equals(COORDINATOR) ? "coordinator" : "node";
    String config = folder.resolve(name + ".yaml").toString();
    Program program = launch(name, List.of(command, "--config", config));
    programs.put(name, program);
    return program;
  }

  /** The coordinator or a node, as it was last started. */
  Program program(String name) {
    return Objects.requireNonNull(programs.get(name), name + " was never started");
  }

  Path folder() {
    return folder;
  }

  /** Starts an operator's command. */
  Program operate(String... arguments) throws IOException {
    return operate(authority, operator, arguments);
  }

  /** Starts a command of somebody who trusts an authority and shows a certificate. */
  Program operate(Authority trusted, Credentials shown, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--trust", trusted.certificate().toString()));
    all.addAll(List.of("--certificate", shown.certificate().toString()));
    all.addAll(List.of("--key", shown.key().toString()));
    return operatePlain(all.toArray(String[]::new));
  }

  /** Starts a command that speaks plain text. */
  Program operatePlain(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(List.of("--coordinator", "127.0.0.1:" + ports.get("listen")));
    return launch("operator", all);
  }

  private Program launch(String name, List<String> arguments) throws IOException {
    return Program.start(folder, name, List.of(), Neurograft.class.getName(), arguments);
  }

  /** Creates the run, and tells its identity. */
  String create() throws IOException, InterruptedException {
    String file = folder.resolve("run.yaml").toString();
    Program create = operate("run", "create", "--file", file, "--format", "json");
    assertThat(create.exitCode()).as(create.log()).isZero();
    return JSON.readTree(create.answer()).path("run").asText();
  }

  /** Begins to follow a run. */
  Program watch(String run) throws IOException {
    return operate("run", "watch", run, "--format", "json");
  }

  /** Waits until one who follows a run has seen it completed, and tells all about it. */
  static JsonNode completed(Program watch) throws IOException, InterruptedException {
    assertThat(watch.exitCode()).as(watch.log()).isZero();
    return JSON.readTree(watch.answer());
  }

  /** What the coordinator or a node counts. */
  String metrics(String name) throws IOException, InterruptedException {
    URI page = URI.create("http://127.0.0.1:" + ports.get(name) + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
        .body();
  }

  @Override
  public void close() {
    programs.values().forEach(Program::close);
  }
}

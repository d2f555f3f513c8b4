package io.neurograft.coordinator.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.neurograft.coordinator.Coordinator;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.coordinator.rpc.ScriptedSite;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.testing.LogCapture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;

final class OperatorCommandsIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SPEC =
      """
      name: typed
      network: {family: mlp, widths: [4], classes: 10, input: {shape: [1, 28, 28]}}
      sites: {minimum: 1}
      scores: {method: uniform}
      methods: [average]
      evaluation: "glyphs?train=20&test=20"
      """;

  /** What an invocation answered. */
  private record Answer(int code, String out, String err) {}

  @Command(
      name = "neurograft",
      subcommands = {RunCommand.class, SiteCommand.class})
  private static final class Root {}

  @TempDir Path folder;

  @Test
  void run_createdWatchedAndShown_tellsTheSameInBothFormats() throws Exception {
    Path spec = folder.resolve("run.yaml");
    Files.writeString(spec, SPEC);
    try (Coordinator coordinator = start();
        ScriptedSite site =
            ScriptedSite.diligent("a", coordinator.port(), folder.resolve("sites"))) {
      String at = "127.0.0.1:" + coordinator.port();
      assertThat(type("run", "list", "--coordinator", at).out()).isEqualTo("no runs\n");
      Answer created =
          type(
              "run",
              "create",
              "--file",
              spec.toString(),
              "--watch",
              "--coordinator",
              at,
              "--format",
              "json");
      assertThat(created.code()).as(created.err()).isZero();
      JsonNode run = JSON.readTree(created.out());
      assertThat(run.path("run").asText()).isEqualTo("typed-1");
      assertThat(run.path("state").asText()).isEqualTo("completed");
      assertThat(run.path("published").path("digest").asText()).isEqualTo(site.adopted());
      assertThat(run.path("result").path("methods")).hasSize(1);
      // states between the first and the last may pass by unseen: a watcher is told the newest
      assertThat(created.err()).contains("completed round 1: the model of average as fused");

      assertThat(type("run", "list", "--coordinator", at).out()).contains("typed-1", "completed");
      Answer shown = type("run", "show", "typed-1", "--coordinator", at);
      assertThat(shown.out()).contains("published " + site.adopted(), "accuracy  average");
      assertThat(type("run", "watch", "typed-1", "--coordinator", at).code()).isZero();
      assertThat(type("run", "cancel", "typed-1", "--coordinator", at).out()).contains("completed");
      JsonNode sites =
          JSON.readTree(type("site", "list", "--coordinator", at, "--format", "json").out());
      assertThat(sites.path(0).path("site").asText()).isEqualTo("a");
      assertThat(type("site", "list", "--coordinator", at).out()).contains("a ", "yes");

      Answer unknown = type("run", "show", "typed-9", "--coordinator", at);
      assertThat(unknown.code()).isEqualTo(2);
      assertThat(unknown.err()).contains("there is no run \"typed-9\"").hasLineCount(1);
    }
  }

  @Test
  void run_cancelledWhileWatched_endsWithCodeOne() throws Exception {
    Path spec = folder.resolve("run.yaml");
    Files.writeString(spec, SPEC);
    try (Coordinator coordinator = start()) {
      String at = "127.0.0.1:" + coordinator.port();
      assertThat(type("run", "create", "--file", spec.toString(), "--coordinator", at).out())
          .contains("gathering");
      Answer early = type("run", "delete", "typed-1", "--coordinator", at);
      assertThat(early.code()).isEqualTo(2);
      assertThat(early.err()).contains("run typed-1 has not ended; cancel it first");
      type("run", "cancel", "typed-1", "--coordinator", at);
      Answer watched = type("run", "watch", "typed-1", "--coordinator", at);
      assertThat(watched.code()).isEqualTo(1);
      assertThat(watched.out()).contains("cancelled by an operator");
      assertThat(type("run", "delete", "typed-1", "--coordinator", at).code()).isZero();
      assertThat(type("run", "list", "--coordinator", at).out()).isEqualTo("no runs\n");
    }
  }

  @Test
  void watch_coordinatorIsStoppedAndStartedAgain_goesOn() throws Exception {
    int port = freePort();
    String at = "127.0.0.1:" + port;
    Path spec = folder.resolve("run.yaml");
    Files.writeString(spec, SPEC);
    Coordinator first = start(port);
    String[] follow = {"run", "create", "--watch", "--file", spec.toString(), "--coordinator", at};
    CompletableFuture<Answer> watched = CompletableFuture.supplyAsync(() -> type(follow));
    while (!type("run", "list", "--coordinator", at).out().contains("waits for sites")) {
      Thread.sleep(50);
    }
    Thread.sleep(500); // the watcher has seen it as well

    assertTimeout(Duration.ofSeconds(3), first::close);
    try (Coordinator second = start(port)) {
      assertThat(second.port()).isEqualTo(port);
      type("run", "cancel", "typed-1", "--coordinator", at);
      Answer answer = watched.get(30, TimeUnit.SECONDS);
      assertThat(answer.code()).isEqualTo(1);
      assertThat(answer.err())
          .containsOnlyOnce("gathering: waits for sites")
          .contains("cannot be reached (the coordinator stops); trying again")
          .endsWith("cancelled: cancelled by an operator\n");
    }
  }

  @Test
  void run_coordinatorCannotBeReached_namesItsAddress() throws Exception {
    int port = freePort();
    Answer answer = type("run", "list", "--coordinator", "127.0.0.1:" + port);
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err())
        .contains("coordinator 127.0.0.1:" + port + ": cannot be reached (Connection refused; is")
        .hasLineCount(1);
    assertThat(answer.out()).isEmpty();
  }

  @Test
  void create_specificationWithFaults_namesTheFileAndAsksNobody() throws Exception {
    Path spec = folder.resolve("run.yaml");
    Files.writeString(spec, "network: {family: mlp}\nround: 3\n");
    Answer answer = type("run", "create", "--file", spec.toString());
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).contains(spec + ": ", "round: unknown key").hasLineCount(1);
    assertThat(type("run", "create", "--file", "none.yaml").err()).contains("no such file");
  }

  @Test
  void plaintext_toAnotherMachine_isWarnedOf() throws Exception {
    try (LogCapture log = LogCapture.of(OperatorOptions.class);
        Coordinator coordinator = start()) {
      String here = "127.0.0.1:" + coordinator.port();
      assertThat(type("run", "list", "--coordinator", here, "--plaintext").code()).isZero();
      assertThat(log.lines()).isEmpty();
      String any = "0.0.0.0:" + coordinator.port(); // not the loopback interface
      var unused = type("run", "list", "--coordinator", any, "--plaintext"); // reached or not
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("WARN", "PLAIN TEXT to " + any, "leave out --plaintext");
    }
  }

  private Coordinator start() {
    return start(0);
  }

  private Coordinator start(int port) {
    return Coordinator.start(
        CoordinatorConfig.of(new Endpoint("127.0.0.1", port), folder.resolve("coordinator"), 1));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static Answer type(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new Root())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setExecutionExceptionHandler(
                (e, command, parsed) -> {
                  command.getErr().println(e.getMessage());
                  return e instanceof InvalidInputException ? 2 : 1;
                })
            .execute(arguments);
    return new Answer(code, out.toString(), err.toString());
  }
}

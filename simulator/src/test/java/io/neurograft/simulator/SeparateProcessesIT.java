package io.neurograft.simulator;

import static io.neurograft.simulator.Federation.COORDINATOR;
import static io.neurograft.simulator.Federation.SITES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;
import io.neurograft.simulator.process.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Coordinator, nodes and operator as they really run: separate processes that trust each other by
 * certificate. One federation is left in peace; another, with the same seed, loses its coordinator
 * and a node.
 */
@Timeout(240)
final class SeparateProcessesIT {
  @TempDir static Path folder;
  private static Authority authority;
  private static Federation federation;
  private static JsonNode run;

  @BeforeAll
  static void completeARun() throws Exception {
    authority = Authority.create(folder.resolve("authority"));
    federation = new Federation(folder.resolve("peaceful"), authority);
    federation.start();
    run = Federation.completed(federation.watch(federation.create()));
  }

  @AfterAll
  static void stop() {
    federation.close();
  }

  @Test
  void publishedModel_hasOneDigestOnAllSides() throws Exception {
    assertThat(run.path("state").asText()).isEqualTo("completed");
    String digest = run.path("published").path("digest").asText();
    assertThat(run.path("result").path("published").path("digest").asText()).isEqualTo(digest);
    Path artifacts = federation.folder().resolve(COORDINATOR).resolve("artifacts");
    assertThat(sha256(artifacts.resolve(digest))).isEqualTo(digest);
    for (String site : SITES) {
      Path models = federation.folder().resolve(site).resolve("models");
      String file = run.path("run").asText() + ".safetensors";
      assertThat(sha256(models.resolve(file))).as(site).isEqualTo(digest);
    }
  }

  @Test
  void figures_withoutDataAtTheCoordinator_areTheSites() {
    JsonNode result = run.path("result");
    long heldBack = 0;
    for (JsonNode site : result.path("sites")) {
      heldBack += site.path("heldBack").path("examples").asLong();
    }
    assertThat(heldBack).isPositive();
    assertThat(result.path("methods")).hasSize(2);
    for (JsonNode method : result.path("methods")) {
      assertThat(method.path("before").path("examples").asLong()).isEqualTo(heldBack);
      assertThat(method.path("curve")).hasSize(2);
      assertThat(method.path("curve").path(1).path("accuracy").asDouble()).isGreaterThan(0.5);
    }
  }

  @Test
  void client_inPlainTextOrOfAnotherAuthority_isRefused() throws Exception {
    Authority foreign = Authority.create(folder.resolve("foreign"));
    Program plain = federation.operatePlain("run", "list");
    assertRefused(plain, "the connection was cut; is TLS expected there?");
    Program stranger =
        federation.operate(
            authority,
            foreign.issue("stranger", new Identity(Role.OPERATOR, "alice")),
            "run",
            "list");
    assertRefused(stranger, "it refused the TLS handshake");
  }

  private static void assertRefused(Program command, String why) throws InterruptedException {
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.answer()).isEmpty();
    assertThat(command.log().lines().filter(line -> line.startsWith("neurograft: ")))
        .singleElement()
        .asString()
        .contains("coordinator 127.0.0.1:", "cannot be reached (" + why);
  }

  @Test
  void metrics_afterARun_countTasksRoundsBytesAndPhases() throws Exception {
    assertThat(federation.metrics(COORDINATOR))
        .contains("neurograft_coordinator_tasks_total{kind=\"train\",outcome=\"done\"} 3.0")
        .contains("neurograft_coordinator_tasks_total{kind=\"fine-tune\",outcome=\"done\"} 12.0")
        .contains("neurograft_coordinator_rounds_total{kind=\"train\"} 1.0")
        .contains("neurograft_coordinator_rounds_total{kind=\"fine-tune\"} 2.0")
        .contains("neurograft_coordinator_transfer_bytes_total{direction=\"received\"}")
        .contains("neurograft_coordinator_transfer_bytes_total{direction=\"sent\"}")
        .contains("neurograft_coordinator_tasks_total{kind=\"moments\",outcome=\"done\"} 15.0")
        .contains("neurograft_coordinator_fusion_time_seconds_sum{phase=\"exchange\"}")
        .contains("neurograft_coordinator_fusion_time_seconds_sum{phase=\"solve\"}");
    assertThat(federation.metrics(SITES.get(0)))
        .contains("neurograft_node_attached 1.0")
        .contains("neurograft_node_tasks_total{kind=\"train\",outcome=\"done\"} 1.0")
        .contains("neurograft_node_tasks_total{kind=\"fine-tune\",outcome=\"done\"} 4.0")
        .contains("neurograft_node_task_time_seconds_sum{kind=\"train\"}")
        .contains("neurograft_node_transfer_bytes_total{direction=\"sent\"}");
  }

  @Test
  void kill_aNodeThatTrainsAndTheCoordinatorOfARound_changesNothingInTheModel() throws Exception {
    try (Federation disturbed = new Federation(folder.resolve("disturbed"), authority)) {
      disturbed.start();
      String id = disturbed.create();

      String victim = SITES.get(1);
      disturbed.program(victim).await("took train task").kill();
      assertThat(disturbed.folder().resolve(victim).resolve("tasks"))
          .isDirectoryNotContaining("glob:**.json");
      Program watch = disturbed.watch(id).await("training:");
      disturbed.start(victim);

      disturbed.program(SITES.get(0)).await("done with moments task");
      disturbed.program(COORDINATOR).kill();
      watch.await("cannot be reached");
      disturbed.start(COORDINATOR);

      disturbed.program(COORDINATOR).await("FUSING -> FINE_TUNING").kill();
      Program coordinator = disturbed.start(COORDINATOR);

      JsonNode ended = Federation.completed(watch);
      assertThat(withoutTimes(ended.path("result"))).isEqualTo(withoutTimes(run.path("result")));
      assertThat(ended.path("published")).isEqualTo(run.path("published"));
      assertThat(coordinator.log())
          .contains("FINE_TUNING -> AVERAGING")
          .doesNotContain("TRAINING -> FUSING");
      assertThat(disturbed.program(SITES.get(0)).log()).containsOnlyOnce("took train task");

      for (String name : List.of(SITES.get(0), COORDINATOR, victim)) {
        Program program = disturbed.program(name);
        assertThat(program.terminate()).as(name).isLessThan(Duration.ofSeconds(10));
        assertThat(program.exitCode()).as(name).isEqualTo(128 + 15);
      }
    }
  }

  private static String sha256(Path file) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes(file));
    return HexFormat.of().formatHex(digest);
  }

  private static byte[] bytes(Path file) throws IOException {
    assertThat(file).isNotEmptyFile();
    return Files.readAllBytes(file);
  }

  private static JsonNode withoutTimes(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(List.of("seconds", "phases"));
    }
    node.forEach(SeparateProcessesIT::withoutTimes);
    return node;
  }
}

package io.neurograft.coordinator;

import static io.neurograft.coordinator.Rig.spec;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.rpc.ScriptedSite;
import io.neurograft.coordinator.rpc.ScriptedSite.Act;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.proto.v1.Task;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs from beginning to end: all goes well, sites fail, sites are late. */
final class CoordinatorIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  @Test
  void run_threeSites_goesThroughAllStatesAndPublishes() throws Exception {
    try (Rig rig = new Rig(folder)) {
      String run = rig.operator().create(spec(3, 1, "60s", true)).run();
      assertThat(run).isEqualTo("rig-1");
      assertThat(rig.operator().get(run).state()).isEqualTo("gathering");
      List<ScriptedSite> sites = List.of(rig.site("a"), rig.site("b"), rig.site("c"));
      List<String> states = new ArrayList<>();
      RunSummary ended = rig.operator().watch(run, now -> states.add(now.state()));

      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(states)
          .contains("completed")
          .isSubsetOf(
              "gathering",
              "training",
              "fusing",
              "fine-tuning",
              "averaging",
              "publishing",
              "completed");
      assertThat(ended.message()).contains("adopted by 3 sites");
      assertThat(ended.publishedDigest()).hasSize(64);
      assertThat(sites).allMatch(site -> site.adopted().equals(ended.publishedDigest()));
      checkResult(JSON.readTree(ended.result()), ended);
      checkProvenance(ended);
      String metrics = page(rig, "/metrics");
      assertThat(metrics)
          .contains("neurograft_coordinator_sites_attached 3.0")
          .contains("neurograft_coordinator_runs{state=\"completed\"} 1.0")
          .contains("neurograft_coordinator_tasks_total{kind=\"train\",outcome=\"done\"} 3.0")
          .contains("neurograft_coordinator_rounds_total{kind=\"fine-tune\"} 1.0")
          .contains("neurograft_coordinator_transfer_bytes_total{direction=\"received\"}")
          .contains("neurograft_coordinator_fusion_time_seconds_sum{phase=\"solve\"}");
      assertThat(page(rig, "/"))
          .contains("<td>rig-1</td><td>completed</td>")
          .contains("<td>a</td>");
    }
  }

  private static void checkResult(JsonNode result, RunSummary ended) {
    assertThat(result.path("sites")).hasSize(3);
    JsonNode site = result.path("sites").path(0);
    assertThat(site.path("site").asText()).isEqualTo("a");
    assertThat(site.path("classCounts")).hasSize(10);
    assertThat(site.path("heldBack").path("accuracy").asDouble()).isEqualTo(0.4);
    assertThat(site.path("test").path("examples").asInt()).isEqualTo(40);
    assertThat(site.path("digest").asText()).hasSize(64);
    assertThat(result.path("ensemble").path("examples").asInt()).isEqualTo(40);
    assertThat(result.path("methods")).hasSize(3);
    for (JsonNode method : result.path("methods")) {
      assertThat(method.path("before").path("accuracy").isNumber()).isTrue();
      assertThat(method.path("curve")).hasSize(1);
      assertThat(method.path("digest").asText()).hasSize(64);
      assertThat(method.path("report").path("members")).hasSize(3);
      assertThat(method.path("phases").isObject()).isTrue();
    }
    assertThat(result.path("published").path("digest").asText()).isEqualTo(ended.publishedDigest());
    assertThat(result.path("versions").path("neurograft").asText()).isNotEmpty();
  }

  private void checkProvenance(RunSummary ended) {
    Path file = folder.resolve("coordinator/artifacts").resolve(ended.publishedDigest());
    try (SafetensorsFile model = SafetensorsFile.open(file)) {
      assertThat(model.metadata())
          .containsKeys("network", "members", "parameters", "software", "parent")
          .containsEntry("method", ended.publishedMethod())
          .containsEntry("seed", "7")
          .containsEntry("round", "1")
          .containsEntry("scores", "uniform");
      assertThat(model.metadata().get("members")).contains("\"member\":\"a\"");
    }
  }

  @Test
  void run_noExamplesAtTheCoordinator_isJudgedByTheSites() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.site("a");
      rig.site("b");
      RunSummary ended = rig.awaitEnd(rig.operator().create(spec(2, 1, "60s", false)).run());
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      JsonNode result = JSON.readTree(ended.result());
      assertThat(result.path("ensemble").isNull()).isTrue();
      JsonNode method = result.path("methods").path(0);
      assertThat(method.path("before").path("accuracy").asDouble()).isEqualTo(0.5);
      assertThat(method.path("before").path("examples").asInt()).isEqualTo(40);
      assertThat(method.path("curve").path(0).path("accuracy").asDouble()).isEqualTo(0.55);
    }
  }

  @Test
  void run_sameSeedTwice_givesTheSameModels() throws Exception {
    List<JsonNode> results = new ArrayList<>();
    for (String name : List.of("first", "second")) {
      try (Rig rig = new Rig(folder.resolve(name))) {
        rig.site("b");
        rig.site("a");
        RunSummary ended = rig.awaitEnd(rig.operator().create(spec(2, 1, "60s", true)).run());
        results.add(withoutTimes(JSON.readTree(ended.result())));
      }
    }
    assertThat(results.get(1)).isEqualTo(results.get(0));
  }

  private static JsonNode withoutTimes(JsonNode node) {
    if (node instanceof com.fasterxml.jackson.databind.node.ObjectNode object) {
      object.remove(List.of("seconds", "phases"));
    }
    node.forEach(CoordinatorIT::withoutTimes);
    return node;
  }

  @Test
  void run_siteMissesTheDeadline_goesOnAndTakesItBackInTheNextRound() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.site("a");
      rig.site("b");
      ScriptedSite late = rig.site("late", (task, time) -> task.hasTrain() ? Act.IGNORE : Act.DO);
      rig.awaitSites();
      RunSummary ended = rig.awaitEnd(rig.operator().create(spec(2, 1, "10s", true)).run());
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      JsonNode result = JSON.readTree(ended.result());
      assertThat(result.path("methods").path(0).path("report").path("members")).hasSize(2);
      assertThat(late.received()).anyMatch(Task::hasFineTune);
      assertThat(late.adopted()).isEqualTo(ended.publishedDigest());
    }
  }

  @Test
  void run_retryableFailure_isTriedAgain() throws Exception {
    try (Rig rig = new Rig(folder)) {
      ScriptedSite site = rig.site("a", (task, time) -> time < 3 ? Act.FAIL : Act.DO);
      RunSummary ended = rig.awaitEnd(rig.operator().create(spec(1, 0, "60s", true)).run());
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(site.received().stream().filter(Task::hasTrain)).hasSize(3);
    }
  }

  @Test
  void run_diskDoesNotTakeTheModel_waitsUntilItDoes() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.site("a");
      rig.site("late", (task, time) -> task.hasTrain() ? Act.IGNORE : Act.DO);
      rig.awaitSites();
      String run = rig.operator().create(spec(1, 0, "4s", true)).run();
      Rig.until(
          () -> rig.operator().get(run).sites().stream().anyMatch(s -> s.phase().equals("done")));
      // Who is root can write to any folder, so there is none.
      Path incoming = folder.resolve("coordinator/artifacts/incoming");
      Files.delete(incoming);
      Rig.until(() -> rig.operator().get(run).message().startsWith("waits: the model of average"));
      assertThat(rig.operator().get(run).message()).contains("no such file or folder");
      Files.createDirectory(incoming);

      RunSummary ended = rig.awaitEnd(run);
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
    }
  }

  @Test
  void run_quorumIsLost_failsAndSaysWhy() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.site("a");
      rig.site("b", (task, time) -> Act.GIVE_UP);
      RunSummary ended = rig.awaitEnd(rig.operator().create(spec(2, 1, "60s", true)).run());
      assertThat(ended.state()).isEqualTo("failed");
      assertThat(ended.message()).contains("no quorum").contains("b: the disk is full");
    }
  }

  @Test
  void run_weightsAreNoneOfTheNetwork_areRefusedAndTheSiteIsLeftOut() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.site("a");
      ScriptedSite nan = rig.site("nan", (task, time) -> Act.SEND_NAN);
      ScriptedSite foreign = rig.site("odd", (task, time) -> Act.SEND_FOREIGN);
      rig.awaitSites();
      RunSummary ended = rig.awaitEnd(rig.operator().create(spec(1, 0, "60s", true)).run());
      Rig.until(() -> !nan.refusals().isEmpty() && !foreign.refusals().isEmpty());
      assertThat(nan.refusals().get(0)).contains("levels.0.1.bias").contains("NaN");
      assertThat(foreign.refusals().get(0)).contains("levels.0.1.weight").contains("[7, 784]");
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(ended.message()).contains("adopted by 1 sites");
    }
  }

  @Test
  void cancel_whileSitesTrain_endsTheRunAndTakesTheTasksBack() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.site("a", (task, time) -> Act.IGNORE);
      String run = rig.operator().create(spec(1, 1, "60s", true)).run();
      rig.await(run, "training");
      RunSummary cancelled = rig.operator().cancel(run);
      assertThat(cancelled.state()).isEqualTo("cancelled");
      assertThat(rig.awaitEnd(run).state()).isEqualTo("cancelled");
      Rig.until(
          () ->
              rig.operator().get(run).sites().stream()
                  .allMatch(site -> site.phase().contains("the run has ended")));
      assertThat(rig.operator().cancel(run).message()).isEqualTo(cancelled.message());
    }
  }

  @Test
  void pause_whileSitesTrain_standsStillUntilItIsResumed() throws Exception {
    try (Rig rig = new Rig(folder)) {
      ScriptedSite site = rig.site("a", (task, time) -> time == 1 ? Act.IGNORE : Act.DO);
      String run = rig.operator().create(spec(1, 1, "60s", true)).run();
      Rig.until(() -> !site.received().isEmpty());
      String task = site.received().get(0).getTaskId();
      assertThat(site.isWanted(task)).isTrue();

      assertThat(rig.operator().pause(run).paused()).isTrue();
      assertThat(rig.operator().pause(run).state()).isEqualTo("training");
      assertThat(site.isWanted(task)).as("a site stops").isFalse();
      rig.restart();
      ScriptedSite back = rig.site("a");
      rig.awaitSites();
      String other = rig.operator().create(spec(1, 0, "60s", false)).run();
      assertThat(rig.awaitEnd(other).state()).isEqualTo("completed");
      assertThat(rig.operator().get(run).paused()).as("after a restart").isTrue();
      assertThat(back.received()).extracting(Task::getTaskId).doesNotContain(task);

      assertThat(rig.operator().resume(run).paused()).isFalse();
      RunSummary ended = rig.awaitEnd(run);
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(back.received()).extracting(Task::getTaskId).contains(task);
      assertThat(rig.operator().pause(run).paused()).as("a run that has ended").isFalse();
    }
  }

  private static String page(Rig rig, String path) throws Exception {
    int port = rig.coordinator().metricsPort().orElseThrow();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
    HttpResponse<String> response =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }
}

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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose moments come from the sites: all goes well, sites fail, the coordinator restarts. */
final class FederatedIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Gram matrices, the hidden level with two refinements, the head. */
  private static final List<String> QUESTIONS =
      List.of("Gram matrices", "step 0", "refinement of step 0", "refinement of step 0", "head");

  @TempDir Path folder;

  @Test
  void run_threeSites_asksThemLevelByLevelAndKeepsNoAnswer() throws Exception {
    try (Rig rig = new Rig(folder)) {
      List<ScriptedSite> sites = List.of(rig.site("a"), rig.site("b"), rig.site("c"));
      RunSummary ended = rig.awaitEnd(rig.operator().create(federated("", 3)).run());
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(sites).allMatch(site -> site.adopted().equals(ended.publishedDigest()));

      JsonNode report = report(ended);
      assertThat(report.path("exchanges").findValuesAsText("question")).isEqualTo(QUESTIONS);
      for (JsonNode exchange : report.path("exchanges")) {
        assertThat(exchange.path("sites"))
            .extracting(JsonNode::asText)
            .containsExactly("a", "b", "c");
        assertThat(exchange.path("bytes").asLong()).isPositive();
      }
      // 6 units of 3 members and 10 labels: a triangle of 28, and its rows
      long numbers = 2 + 28 * 29 / 2;
      assertThat(report.path("exchanges").path(0).path("bytes").asLong())
          .isBetween(3 * 4 * numbers, 3 * 4 * numbers + 3 * 200);
      // scores (the same of all), 3 members, the fused, 3 tuned and the averaged model
      assertThat(artifacts()).contains(ended.publishedDigest()).hasSizeLessThanOrEqualTo(9);
    }
  }

  private List<String> artifacts() {
    try (Stream<Path> files = Files.list(folder.resolve("coordinator/artifacts"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9a-f]{64}"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void run_masked_givesTheNetworkOfThePlainSums() throws Exception {
    Map<String, float[]> plain = fused("plain", "");
    Map<String, float[]> masked = fused("masked", "secure: true");
    Map<String, float[]> coarse = fused("coarse", "secure: true, fraction-bits: 6");
    assertThat(distance(masked, plain)).isLessThan(1e-3);
    assertThat(distance(coarse, plain)).isGreaterThan(distance(masked, plain));
  }

  @Test
  void run_levelOverTheBudget_isAnsweredWithinIt() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.site("a");
      rig.site("b");
      String balanced =
          federated("level-budget-mib: 0.01", 2)
              .replace("[interpolate]", "[{interpolate: {class-weights: balanced}}]");
      RunSummary ended = rig.awaitEnd(rig.operator().create(balanced).run());
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      JsonNode report = report(ended);
      assertThat(report.path("exchanges").findValuesAsText("question")).isEqualTo(QUESTIONS);
      // 784 inputs become 50: a triangle, sums and 6 targets, and how many rows there are
      long numbers = 50 * 51 / 2 + 50 + 1 + 52 * 6 + 4;
      assertThat(report.path("exchanges").path(1).path("bytes").asLong())
          .isBetween(2 * 4 * numbers, 2 * 4 * numbers + 2 * 200);
      JsonNode step = report.path("steps").path(0);
      assertThat(step.path("inputs").asInt()).isEqualTo(785);
      assertThat(step.path("columns").asInt()).isEqualTo(51);
    }
  }

  @Test
  void run_siteIsLostAtAQuestion_goesOnWithTheRest() throws Exception {
    for (String settings : List.of("", "secure: true")) {
      try (Rig rig = new Rig(folder.resolve("lost" + settings.length()))) {
        rig.site("a");
        rig.site("b");
        rig.site("c", (task, time) -> isMoments(task, 2) ? Act.GIVE_UP : Act.DO);
        RunSummary ended = rig.awaitEnd(rig.operator().create(federated(settings, 3)).run());
        assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
        JsonNode report = report(ended);
        assertThat(report.path("lostSites").path("c").asText()).contains("the disk is full");
        // lost at the first refinement: the step is asked for again
        assertThat(report.path("exchanges").findValuesAsText("question"))
            .containsSubsequence("step 0", "step 0", "refinement of step 0", "head");
        JsonNode last = report.path("exchanges").path(report.path("exchanges").size() - 1);
        assertThat(last.path("sites")).extracting(JsonNode::asText).containsExactly("a", "b");
      }
    }
  }

  /** Two masked sums, with a site and without it, would tell that site's. */
  @Test
  void run_maskedQuestionIsGivenUp_itsAnswersAreGoneBeforeItIsAskedAgain() throws Exception {
    Set<String> before = ConcurrentHashMap.newKeySet();
    Set<String> after = ConcurrentHashMap.newKeySet();
    CountDownLatch bAnswered = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    try (Rig rig = new Rig(folder)) {
      rig.site(
          "a",
          (task, time) -> {
            if (isMoments(task, 2)) {
              before.addAll(artifacts());
            } else if (isMoments(task, 3)) {
              after.addAll(artifacts());
              after.remove(task.getMoments().getQuestions(3).getDigest());
              looked.countDown();
            }
            return Act.DO;
          });
      rig.site(
          "b",
          (task, time) -> {
            if (isMoments(task, 3)) {
              bAnswered.countDown();
              await(looked);
            }
            return Act.DO;
          });
      rig.site("c", (task, time) -> isMoments(task, 2) ? Act.GIVE_UP : Act.DO);
      RunSummary ended = rig.awaitEnd(rig.operator().create(federated("secure: true", 3)).run());
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(bAnswered.getCount()).isZero();
      after.removeAll(before);
      assertThat(after).as("answers to the question that was given up").isEmpty();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void run_tooFewSitesAnswer_failsAndSaysWhy() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.site("a");
      rig.site("b", (task, time) -> task.hasMoments() ? Act.GIVE_UP : Act.DO);
      RunSummary ended = rig.awaitEnd(rig.operator().create(federated("minimum: 2", 2)).run());
      assertThat(ended.state()).isEqualTo("failed");
      assertThat(ended.message()).contains("no quorum", "b: the disk is full");
    }
  }

  @Test
  void run_answerOfAnotherSize_isRefusedAndTheSiteIsLeftOut() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.site("a");
      ScriptedSite odd = rig.site("odd", (t, time) -> t.hasMoments() ? Act.SEND_SHORT : Act.DO);
      RunSummary ended = rig.awaitEnd(rig.operator().create(federated("", 2)).run());
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(odd.refusals().get(0)).contains("expected 255 numbers");
      assertThat(report(ended).path("lostSites").path("odd").asText()).contains("was refused");
    }
  }

  /** Answers that were accepted are not asked for again, and the network is the same. */
  @Test
  void restart_whileSitesAreAsked_goesOnAtTheQuestion() throws Exception {
    for (String settings : List.of("", "secure: true")) {
      Path own = folder.resolve("restart" + settings.length());
      try (Rig rig = new Rig(own)) {
        List<Integer> answered = new CopyOnWriteArrayList<>();
        rig.site("a", counting(answered));
        rig.site("b", (task, time) -> isMoments(task, 2) ? Act.IGNORE : Act.DO);
        String run = rig.operator().create(federated(settings, 2)).run();
        Rig.until(() -> answered.contains(2));
        Rig.until(
            () ->
                rig.operator().get(run).sites().stream()
                    .anyMatch(site -> site.site().equals("a") && site.phase().equals("done")));

        rig.restart();
        rig.site("a", counting(answered));
        rig.site("b");
        RunSummary ended = rig.awaitEnd(run);
        assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
        assertThat(answered).as(settings).containsExactly(0, 1, 2, 3, 4);
        Map<String, float[]> quiet = fused("quiet" + settings.length(), settings);
        assertThat(distance(weights(own, ended), quiet)).isLessThan(1e-6);
      }
    }
  }

  private static BiFunction<Task, Integer, Act> counting(List<Integer> answered) {
    return (task, time) -> {
      if (task.hasMoments()) {
        answered.add(task.getMoments().getExchange());
      }
      return Act.DO;
    };
  }

  private static boolean isMoments(Task task, int exchange) {
    return task.hasMoments() && task.getMoments().getExchange() == exchange;
  }

  private static String federated(String settings, int minimum) {
    return spec(minimum, 0, "90s", true)
        .replaceFirst("moments: .*", "moments: {federated: {" + settings + "}}")
        .replaceFirst("methods: .*", "methods: [interpolate]");
  }

  private Map<String, float[]> fused(String name, String settings) throws Exception {
    try (Rig rig = new Rig(folder.resolve(name))) {
      rig.site("a");
      rig.site("b");
      RunSummary ended = rig.awaitEnd(rig.operator().create(federated(settings, 2)).run());
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      return weights(folder.resolve(name), ended);
    }
  }

  private static Map<String, float[]> weights(Path own, RunSummary run) {
    Path file = own.resolve("coordinator/artifacts").resolve(run.publishedDigest());
    Map<String, float[]> all = new TreeMap<>();
    try (SafetensorsFile model = SafetensorsFile.open(file)) {
      model
          .tensors()
          .forEach(
              (name, entry) -> {
                float[] values = new float[(int) entry.elements()];
                model.read(name, FloatBuffer.wrap(values));
                all.put(name, values);
              });
    }
    return all;
  }

  /** The largest difference of two weights. */
  private static double distance(Map<String, float[]> a, Map<String, float[]> b) {
    double largest = 0;
    for (var entry : a.entrySet()) {
      float[] others = Objects.requireNonNull(b.get(entry.getKey()));
      for (int i = 0; i < others.length; i++) {
        largest = Math.max(largest, Math.abs(others[i] - entry.getValue()[i]));
      }
    }
    return largest;
  }

  private static JsonNode report(RunSummary run) throws IOException {
    return JSON.readTree(run.result()).path("methods").path(0).path("report");
  }
}

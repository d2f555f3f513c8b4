package io.neurograft.coordinator;

import static io.neurograft.coordinator.Rig.spec;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.rpc.ScriptedSite;
import io.neurograft.coordinator.rpc.ScriptedSite.Act;
import io.neurograft.proto.v1.Task;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a run and of a site whose weights do not pass the screening. */
final class ScreeningIT {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  private static void attach(Rig rig) throws Exception {
    rig.site("a");
    rig.site("b");
    rig.site("c");
  }

  private static Act large(Task task, int time) {
    return Act.SEND_LARGE;
  }

  private static Act largeInRounds(Task task, int time) {
    return task.hasFineTune() ? Act.SEND_LARGE : Act.DO;
  }

  private static JsonNode result(RunSummary run) throws Exception {
    return JSON.readTree(run.result());
  }

  private static String phase(RunSummary run, String site) {
    return run.sites().stream()
        .filter(s -> s.site().equals(site))
        .map(RunSummary.SitePhase::phase)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void run_memberOfAnotherSize_isFusedWithoutItAndTheSiteOnlyReceives() throws Exception {
    try (Rig rig = new Rig(folder)) {
      attach(rig);
      ScriptedSite large = rig.site("large", ScreeningIT::large);
      rig.awaitSites();
      RunSummary ended = rig.awaitEnd(rig.operator().create(spec(3, 1, "60s", true)).run());

      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(phase(ended, "large")).startsWith("quarantined: the weights of level ");
      JsonNode result = result(ended);
      JsonNode site = result.path("sites").path(3);
      assertThat(site.path("site").asText()).isEqualTo("large");
      assertThat(site.path("leftOut").asText()).contains("the limit is 10");
      assertThat(site.at("/screenings/0/deviation").asDouble()).isBetween(90.0, 110.0);
      assertThat(result.path("sites").path(0).path("leftOut").isNull()).isTrue();
      for (JsonNode method : result.path("methods")) {
        assertThat(method.at("/report/members").findValuesAsText("name"))
            .containsExactly("a", "b", "c");
      }
      assertThat(large.received()).noneMatch(Task::hasFineTune);
      assertThat(large.adopted()).as("it may have the model").isEqualTo(ended.publishedDigest());
    }
  }

  @Test
  void run_tooFewPass_failsWithTheReasons() throws Exception {
    try (Rig rig = new Rig(folder)) {
      attach(rig);
      rig.site("large", ScreeningIT::large);
      rig.awaitSites();
      RunSummary ended = rig.awaitEnd(rig.operator().create(spec(4, 0, "60s", true)).run());
      assertThat(ended.state()).isEqualTo("failed");
      assertThat(ended.message())
          .contains("no quorum: 3 of 4 sites passed, sites.minimum is 4")
          .contains("large: the weights of level ");
    }
  }

  @Test
  void run_screeningIsOff_fusesWhateverComes() throws Exception {
    try (Rig rig = new Rig(folder)) {
      attach(rig);
      ScriptedSite large = rig.site("large", ScreeningIT::large);
      rig.awaitSites();
      String off = spec(4, 1, "60s", true) + "screening: off\n";
      RunSummary ended = rig.awaitEnd(rig.operator().create(off).run());
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(result(ended).at("/methods/0/report/members")).hasSize(4);
      assertThat(large.received()).anyMatch(Task::hasFineTune);
    }
  }

  private ScriptedSite another(String name, Rig rig) throws Exception {
    return new ScriptedSite(name, rig.port(), folder.resolve("again"), (task, time) -> Act.IGNORE);
  }

  /** It is judged by the classes that it holds, so it must not choose them once it is judged. */
  @Test
  void site_saysMidwayThatItHoldsOtherData_isRefusedUntilTheRunHasEnded() throws Exception {
    List<Long> none = Collections.nCopies(10, 0L);
    try (Rig rig = new Rig(folder)) {
      rig.site("a", (task, time) -> task.hasFineTune() ? Act.IGNORE : Act.DO);
      rig.site("b");
      rig.site("c");
      rig.awaitSites();
      String run = rig.operator().create(spec(3, 1, "60s", true)).run();
      rig.await(run, "fine-tuning");
      try (ScriptedSite b = another("b", rig).attachHolding(none)) {
        Rig.until(() -> b.ended().isPresent());
        assertThat(b.ended().orElseThrow())
            .hasMessageContaining("site b takes part in a run and holds other data now");
      }
      rig.operator().cancel(run);
      rig.awaitEnd(run);
      try (ScriptedSite b = another("b", rig).attachHolding(none)) {
        Rig.until(() -> rig.operator().sites().get(1).classCounts().equals(none));
        assertThat(b.ended()).isEmpty();
      }
    }
  }

  @Test
  void run_restartedInARound_theVerdictStands() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.site("a", (task, time) -> task.hasFineTune() ? Act.IGNORE : Act.DO);
      rig.site("b");
      rig.site("c");
      rig.site("large", ScreeningIT::large);
      rig.awaitSites();
      String run = rig.operator().create(spec(3, 1, "60s", true)).run();
      RunSummary before = rig.await(run, "fine-tuning");
      JsonNode screened = result(before).path("sites").path(3).path("screenings");
      assertThat(screened).hasSize(1);

      rig.restart();
      attach(rig);
      ScriptedSite large = rig.site("large", ScreeningIT::large);
      RunSummary ended = rig.awaitEnd(run);
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(result(ended).path("sites").path(3).path("screenings")).isEqualTo(screened);
      assertThat(phase(ended, "large")).startsWith("quarantined");
      assertThat(large.received()).noneMatch(Task::hasFineTune);
    }
  }

  @Test
  void run_fineTunedModelOfAnotherSize_isAveragedWithoutItAndTheSiteAskedNoMore() throws Exception {
    try (Rig rig = new Rig(folder)) {
      attach(rig);
      ScriptedSite large = rig.site("large", ScreeningIT::largeInRounds);
      rig.awaitSites();
      RunSummary ended = rig.awaitEnd(rig.operator().create(spec(3, 2, "60s", true)).run());
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(phase(ended, "large")).startsWith("quarantined: average, round 1: the weights");
      assertThat(result(ended).at("/methods/0/report/members")).hasSize(4);
      assertThat(large.received().stream().filter(Task::hasFineTune))
          .as("one for each method, in the first round alone")
          .hasSize(3);
    }
  }

  @Test
  void run_sumsOfTheSites_areAskedForMembersThatPassed() throws Exception {
    try (Rig rig = new Rig(folder)) {
      attach(rig);
      ScriptedSite large = rig.site("large", ScreeningIT::large);
      rig.awaitSites();
      String federated =
          spec(3, 0, "60s", true)
              .replaceFirst("moments: .*", "moments: federated")
              .replace("[average, transplant, interpolate]", "[interpolate]");
      RunSummary ended = rig.awaitEnd(rig.operator().create(federated).run());
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(result(ended).at("/methods/0/report/members")).hasSize(3);
      assertThat(large.received()).noneMatch(Task::hasMoments);
    }
  }
}

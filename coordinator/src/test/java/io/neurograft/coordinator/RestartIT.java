package io.neurograft.coordinator;

import static io.neurograft.coordinator.Rig.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.coordinator.rpc.ScriptedSite;
import io.neurograft.coordinator.rpc.ScriptedSite.Act;
import io.neurograft.proto.v1.Task;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a stopped or killed coordinator promises: the run goes on where it was. */
final class RestartIT {
  @TempDir Path folder;

  @Test
  void restart_whileSitesAreAtWork_asksForNoAcceptedResultAgain() throws Exception {
    try (Rig rig = new Rig(folder.resolve("interrupted"))) {
      rig.site("a");
      rig.site("b", (task, time) -> Act.IGNORE);
      String run = rig.operator().create(spec(2, 1, "90s", true)).run();
      awaitDone(rig, run, "training");

      rig.restart();
      ScriptedSite a = rig.site("a");
      rig.site("b", (task, time) -> task.hasTrain() ? Act.DO : Act.IGNORE);
      awaitDone(rig, run, "fine-tuning");
      assertThat(a.received()).noneMatch(Task::hasTrain);

      rig.restart();
      a = rig.site("a");
      rig.site("b", (task, time) -> task.hasAdopt() ? Act.IGNORE : Act.DO);
      awaitDone(rig, run, "publishing");
      assertThat(a.received()).isNotEmpty().allMatch(Task::hasAdopt);

      rig.restart();
      a = rig.site("a");
      ScriptedSite b = rig.site("b");
      RunSummary ended = rig.awaitEnd(run);
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(a.received()).isEmpty();
      assertThat(b.received()).isNotEmpty().allMatch(Task::hasAdopt);
      assertThat(b.adopted()).isEqualTo(ended.publishedDigest());
      assertThat(RunFigures.of(ended)).isEqualTo(RunFigures.of(uninterrupted()));
    }
  }

  @Test
  void restart_afterTheDeadlineHasPassed_givesSitesTheirTimeAgain() throws Exception {
    try (Rig rig = new Rig(folder)) {
      rig.site("a", (task, time) -> Act.IGNORE);
      String run = rig.operator().create(spec(1, 0, "3s", true)).run();
      rig.await(run, "training");
      String waiting =
          rig.operator().create(spec(2, 0, "60s", true).replace("wait: 20s", "wait: 3s")).run();

      rig.restart(Duration.ofMillis(3500));
      rig.site("a");
      rig.site("b");
      assertThat(rig.awaitEnd(run).state()).isEqualTo("completed");
      assertThat(rig.awaitEnd(waiting).state()).isEqualTo("completed");
    }
  }

  @Test
  void kill_whileTheCoordinatorFusesAveragesOrPublishes_losesNothing() throws Exception {
    try (Killable killable = new Killable(folder.resolve("killed"))) {
      killable.start();
      String run = killable.operator().create(spec(2, 1, "90s", true)).run();
      for (String moment : List.of("training", "fusing", "averaging", "publishing")) {
        killable.sites("a", "b");
        killable.await(run, reached(moment));
        killable.kill();
        killable.start();
      }
      killable.sites("a", "b");
      RunSummary ended = killable.operator().watch(run, now -> {});
      assertThat(ended.state()).as(ended.message()).isEqualTo("completed");
      assertThat(RunFigures.of(ended)).isEqualTo(RunFigures.of(uninterrupted()));
    }
  }

  private RunSummary uninterrupted() throws Exception {
    try (Rig rig = new Rig(folder.resolve("uninterrupted"))) {
      rig.site("a");
      rig.site("b");
      return rig.awaitEnd(rig.operator().create(spec(2, 1, "90s", true)).run());
    }
  }

  private static void awaitDone(Rig rig, String run, String state) {
    rig.await(run, state);
    Rig.until(
        () ->
            rig.operator().get(run).sites().stream()
                .anyMatch(site -> site.site().equals("a") && site.phase().equals("done")));
  }

  /** States pass quickly: a later one counts as well. */
  private static Predicate<RunSummary> reached(String moment) {
    List<String> order =
        List.of(
            "gathering",
            "training",
            "fusing",
            "fine-tuning",
            "averaging",
            "publishing",
            "completed");
    return run -> order.indexOf(run.state()) >= order.indexOf(moment);
  }
}

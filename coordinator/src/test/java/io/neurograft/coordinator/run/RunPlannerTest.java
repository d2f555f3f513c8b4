package io.neurograft.coordinator.run;

import static io.neurograft.coordinator.run.Play.rules;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RunPlannerTest {
  @Test
  void plan_allGoesWell_walksThroughEveryState() {
    Play play = new Play(rules(2, 2, true, "average", "transplant")).attach("a", "b");
    play.step();
    assertThat(play.openSites()).containsExactlyInAnyOrder("a", "b");
    both(play);
    assertThat(play.jobs).containsExactly(new Action.Fuse());
    play.doJobs();
    both(play);
    assertThat(play.jobs).containsExactly(new Action.Average(1));
    play.doJobs();
    both(play);
    play.doJobs();
    both(play);
    assertThat(play.path)
        .containsExactly(
            RunState.GATHERING,
            RunState.TRAINING,
            RunState.FUSING,
            RunState.FINE_TUNING,
            RunState.AVERAGING,
            RunState.FINE_TUNING,
            RunState.AVERAGING,
            RunState.PUBLISHING,
            RunState.COMPLETED);
    assertThat(play.chosen).isEqualTo(new ModelKey("transplant", 2));
    assertThat(play.message).contains("transplant").contains("adopted by 2 sites");
  }

  @Test
  void plan_noRounds_goesFromFusionToPublishing() {
    Play play = new Play(rules(1, 0, true, "average")).attach("a");
    play.step();
    play.finish("a");
    play.step();
    play.doJobs();
    assertThat(play.state).isEqualTo(RunState.PUBLISHING);
    assertThat(play.chosen).isEqualTo(new ModelKey("average", 0));
  }

  @Test
  void plan_noExamplesAtTheCoordinator_asksTheSitesToJudge() {
    Play play = new Play(rules(1, 0, false, "average", "interpolate")).attach("a");
    play.step();
    play.finish("a");
    play.step();
    play.doJobs();
    assertThat(play.state).isEqualTo(RunState.FUSING);
    assertThat(play.tasks.keySet())
        .contains(
            new TaskKey("a", TaskKind.EVALUATE, "average", 0),
            new TaskKey("a", TaskKind.EVALUATE, "interpolate", 0));
    play.scores.put(new ModelKey("average", 0), new Score(10, 5, 1));
    play.scores.put(new ModelKey("interpolate", 0), new Score(10, 5, 0.9));
    play.finish("a");
    play.step();
    assertThat(play.chosen).isEqualTo(new ModelKey("interpolate", 0));
  }

  @Test
  void plan_fineTuningLost_publishesTheModelOfTheBestRound() {
    Play play = new Play(rules(1, 1, true, "average")).attach("a");
    play.step();
    play.finish("a");
    play.step();
    play.doJobs();
    play.finish("a");
    play.step();
    play.models.add(new ModelKey("average", 1));
    play.scores.put(new ModelKey("average", 0), new Score(10, 8, 1));
    play.scores.put(new ModelKey("average", 1), new Score(10, 7, 0.5));
    play.step();
    assertThat(play.chosen).isEqualTo(new ModelKey("average", 0));
    assertThat(play.message).contains("average as fused").contains("0.8000");
  }

  @Test
  void plan_tooFewSites_waitsThenFailsAndSaysWhy() {
    Play play = new Play(rules(2, 0, true, "average")).attach("a");
    play.attached.add(new SiteView("odd", List.of(3L, 32L, 32L), List.of(1L, 1L)));
    play.step();
    assertThat(play.message).contains("1 of 2 sites").contains("odd holds examples of shape");
    play.now = Play.START.plus(Duration.ofMinutes(1));
    play.step();
    assertThat(play.state).isEqualTo(RunState.FAILED);
    assertThat(play.message).contains("only 1 of 2").contains("after 1 min");
  }

  @Test
  void plan_deadlinePassesWithQuorum_goesOnWithoutTheLateSite() {
    Play play = new Play(rules(2, 1, true, "average")).attach("a", "b", "c");
    play.step();
    play.finish("a");
    play.finish("b");
    play.step();
    assertThat(play.state).isEqualTo(RunState.TRAINING);
    play.now = play.now.plus(Duration.ofMinutes(30));
    play.step();
    assertThat(play.state).isEqualTo(RunState.FUSING);
    assertThat(play.message).contains("c: missed the deadline");
    play.doJobs();
    assertThat(play.openSites()).as("latecomers join the next round").contains("c");
  }

  @Test
  void plan_siteThatIsGoneAfterItsDeadline_isNotAskedAgain() {
    Play play = new Play(rules(1, 1, true, "average")).attach("a", "b");
    play.step();
    play.finish("a");
    play.attached.clear();
    play.now = play.now.plus(Duration.ofMinutes(30));
    play.step();
    play.doJobs();
    assertThat(play.openSites()).containsExactly("a");
  }

  @Test
  void plan_retryableFailure_isRetriedABoundedNumberOfTimes() {
    Play play = new Play(rules(1, 1, true, "average")).attach("a", "b");
    play.step();
    play.finish("b");
    for (int attempt = 1; attempt < 3; attempt++) {
      play.report("a", TaskState.FAILED, true, "disk full");
      assertThat(play.step()).as("a site that failed is left alone for a while").isEmpty();
      play.now = play.now.plus(TaskView.pause(attempt));
      assertThat(play.step())
          .contains(new Action.Retry(new TaskKey("a", TaskKind.TRAIN, "", 0), "disk full"));
    }
    play.report("a", TaskState.FAILED, true, "disk full");
    play.step();
    assertThat(play.state).isEqualTo(RunState.FUSING);
    assertThat(play.message).contains("without a: disk full");
    play.doJobs();
    assertThat(play.openSites()).as("a site that failed is left out").containsExactly("b");
  }

  @Test
  void plan_quarantinedSite_takesNoPartInRoundsButReceivesTheModel() {
    Play play = new Play(rules(1, 2, true, "average")).attach("a", "b");
    play.step();
    play.finish("a");
    play.finish("b");
    play.step();
    play.quarantined.add("b");
    for (int round = 1; round <= 2; round++) {
      play.doJobs();
      assertThat(play.openSites()).as("round " + round).containsExactly("a");
      play.finish("a");
      play.step();
    }
    play.doJobs();
    assertThat(play.state).isEqualTo(RunState.PUBLISHING);
    assertThat(play.openSites()).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void pause_growsWithEachFailure_toAMinute() {
    assertThat(IntStream.rangeClosed(1, 100).mapToObj(TaskView::pause).distinct())
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L);
  }

  @Test
  void plan_quorumOutOfReach_failsAtOnceWithEveryReason() {
    Play play = new Play(rules(2, 1, true, "average")).attach("a", "b", "c");
    play.step();
    play.report("a", TaskState.FAILED, false, "no examples");
    play.report("b", TaskState.FAILED, false, "NaN in levels.0.0.weight");
    play.step();
    assertThat(play.state).isEqualTo(RunState.FAILED);
    assertThat(play.message)
        .contains("by at most 1 sites, sites.minimum is 2")
        .contains("a: no examples")
        .contains("b: NaN in levels.0.0.weight");
    assertThat(play.openSites()).as("open tasks are taken back").isEmpty();
  }

  @Test
  void plan_nobodyJudges_publishesTheFirstMethod() {
    Play play = new Play(rules(1, 0, false, "transplant", "average")).attach("a");
    play.step();
    play.finish("a");
    play.step();
    play.doJobs();
    play.finish("a");
    play.step();
    assertThat(play.chosen).isEqualTo(new ModelKey("transplant", 0));
    assertThat(play.message).contains("no site held back examples");
  }

  private static void both(Play play) {
    play.finish("a");
    play.finish("b");
    play.step();
  }
}

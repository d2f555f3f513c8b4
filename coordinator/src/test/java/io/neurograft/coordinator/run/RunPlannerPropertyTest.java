package io.neurograft.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

final class RunPlannerPropertyTest {
  /** Whatever the sites do, the run ends, in a state that its message explains. */
  @Property(tries = 300)
  void plan_anyBehaviourOfSites_endsTheRun(
      @ForAll @IntRange(min = 1, max = 5) int sites,
      @ForAll @IntRange(min = 1, max = 5) int minimum,
      @ForAll @IntRange(min = 0, max = 3) int rounds,
      @ForAll boolean evaluatedHere,
      @ForAll long seed) {
    Random random = new Random(seed);
    Play play = new Play(Play.rules(minimum, rounds, evaluatedHere, "average", "transplant"));
    for (int i = 0; i < sites; i++) {
      play.attach("site-" + i);
    }
    for (int turn = 0; turn < 200 && !play.state.ended(); turn++) {
      play.step();
      play.now = play.now.plus(Duration.ofMinutes(random.nextInt(12)));
      if (!play.jobs.isEmpty()) {
        play.doJobs();
      }
      for (String site : List.copyOf(play.openSites())) {
        switch (random.nextInt(5)) {
          case 0, 1 -> play.finish(site);
          case 2 -> play.report(site, TaskState.FAILED, random.nextBoolean(), "broke");
          default -> play.attached.removeIf(view -> random.nextInt(8) == 0);
        }
      }
    }
    assertThat(play.state.ended()).isTrue();
    assertThat(play.message).isNotBlank();
    play.step();
    assertThat(play.openSites()).isEmpty();
    if (play.state == RunState.COMPLETED) {
      assertThat(play.models).contains(play.chosen);
      assertThat(play.chosen.round()).isEqualTo(rounds);
    }
  }

  /** Planning twice asks for nothing that the first plan did not ask for. */
  @Property(tries = 100)
  void plan_planIsCarriedOut_planningAgainIsQuiet(
      @ForAll @IntRange(min = 1, max = 5) int sites, @ForAll @IntRange(min = 0, max = 2) int done) {
    Play play = new Play(Play.rules(1, 1, true, "average"));
    for (int i = 0; i < sites; i++) {
      play.attach("site-" + i);
    }
    play.step();
    for (int i = 0; i < Math.min(done, sites); i++) {
      play.finish("site-" + i);
    }
    play.step();
    assertThat(RunPlanner.plan(play.rules, play.view(), play.now)).isEqualTo(play.jobs);
  }
}

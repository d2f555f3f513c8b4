package io.neurograft.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.coordinator.rpc.Allowance.Answer;
import io.neurograft.coordinator.rpc.Allowance.Rate;
import io.neurograft.coordinator.rpc.Allowance.Standing;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class AllowanceTest {
  private static final long SECOND = 1_000_000_000;
  private static final Rate RATE = new Rate(10, 20, Duration.ofSeconds(2), Duration.ofSeconds(30));

  /** Whatever the pauses: as much as was saved, comes back, and may be waited for; no more. */
  @Property
  void take_inAnyRhythm_isServedNoMoreThanTheRate(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(max = 2000) Integer> pauses,
      @ForAll long start) {
    Allowance allowance = new Allowance(RATE, start);
    long now = start;
    int served = 0;
    for (int millis : pauses) {
      now += millis * (SECOND / 1000);
      Answer answer = allowance.take(1, now);
      served += answer.standing() == Standing.SERVED ? 1 : 0;
      double seconds = (now - start) / (double) SECOND;
      assertThat(served).isLessThanOrEqualTo((int) (20 + 10 * (seconds + 2) + 1e-6));
      assertThat(answer.waitNanos()).isBetween(0L, 2 * SECOND);
    }
  }

  /** Whoever waits for the answer before it asks again is slowed, and never cut off. */
  @Property(tries = 20)
  void take_oneAfterTheOther_isOnlySlowed(@ForAll long start) {
    Allowance allowance = new Allowance(RATE, start);
    long now = start;
    for (int i = 0; i < 120; i++) {
      Answer answer = allowance.take(1, now);
      assertThat(answer.standing()).isEqualTo(Standing.SERVED);
      now += answer.waitNanos();
    }
    assertThat((now - start) / (double) SECOND).isBetween(9.9, 10.1); // 100 beyond the burst
  }

  @Property(tries = 20)
  void take_allAtOnce_isCutOffForAWhile(@ForAll long start) {
    Allowance allowance = new Allowance(RATE, start);
    for (int i = 0; i < 40; i++) {
      assertThat(allowance.take(1, start).standing()).isEqualTo(Standing.SERVED);
    }
    assertThat(allowance.take(1, start).standing()).isEqualTo(Standing.CUT_OFF_NOW);
    assertThat(allowance.take(1, start + 29 * SECOND).standing()).isEqualTo(Standing.CUT_OFF);
    assertThat(allowance.full(start + 29 * SECOND)).isFalse();
    assertThat(allowance.full(start + 30 * SECOND)).isTrue();
    assertThat(allowance.take(1, start + 30 * SECOND)).isEqualTo(new Answer(Standing.SERVED, 0));
  }
}

package io.neurograft.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

final class SteadyClockTest {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private Instant wall = START;
  private long nanos;
  private final SteadyClock clock = new SteadyClock(() -> wall, () -> nanos);

  /** So much time passes, on the wall and by the monotonic clock, read twice a second. */
  private Instant pass(Duration span) {
    Instant now = clock.instant();
    for (long half = 0; half < 2 * span.toSeconds(); half++) {
      nanos += 500_000_000;
      wall = wall.plusMillis(500);
      now = clock.instant();
    }
    return now;
  }

  @Test
  void instant_onAMachineLeftInPeace_isTheWallClocks() {
    assertThat(pass(Duration.ofHours(2))).isEqualTo(wall).isEqualTo(START.plusSeconds(7200));
  }

  @Test
  void instant_afterTheWallClockWasSetForward_goesOnAsItWas() {
    wall = wall.plus(Duration.ofDays(1));
    assertThat(pass(Duration.ofMinutes(10)))
        .isBetween(START.plusSeconds(600), START.plusSeconds(631));
  }

  @Test
  void instant_afterTheWallClockWasSetBack_neverGoesBack() {
    pass(Duration.ofSeconds(10));
    wall = wall.minus(Duration.ofDays(365));
    Instant before = clock.instant();
    assertThat(clock.instant()).isEqualTo(before);
    assertThat(pass(Duration.ofMinutes(10)))
        .isBetween(before.plusSeconds(569), before.plusSeconds(600));
  }

  @Test
  void instant_whenTheWallClockWasSetALittle_isTheWallClocksAgainInTwentyTimesThat() {
    wall = wall.plusSeconds(30);
    assertThat(pass(Duration.ofMinutes(10))).isCloseTo(wall, within(10, ChronoUnit.MILLIS));
  }

  @Test
  void earlier_wallClockSetForwardOrBack_isTheTimeByWhichNothingLooksTooOld() {
    InstantSource earlier = SteadyClock.earlier(() -> wall, clock);
    wall = START.plusSeconds(86_400);
    assertThat(earlier.instant()).isEqualTo(START);
    wall = START.minusSeconds(86_400);
    assertThat(earlier.instant()).isEqualTo(wall);
  }

  @Test
  void instant_afterTheProcessWasStopped_countsNoMoreThanTheLongestStep() {
    Instant before = pass(Duration.ofSeconds(1));
    nanos += Duration.ofDays(1).toNanos();
    wall = wall.plus(Duration.ofDays(1));
    assertThat(clock.instant())
        .isBetween(
            before.plus(SteadyClock.LONGEST_STEP),
            before.plus(SteadyClock.LONGEST_STEP.multipliedBy(21).dividedBy(20)));
  }
}

package io.neurograft.simulator.chaos;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One disturbance of one process.
 *
 * @param pause after the end of the one before
 * @param span how long it lasts; zero where it has no end
 * @param size how strong it is: milliseconds of delay, bytes a second, milliseconds on the clock
 */
record Disturbance(Kind kind, Duration pause, Duration span, long size) {
  private static final long DAY = Duration.ofDays(1).toMillis();

  /**
   * The next disturbance of a seeded sequence.
   *
   * @param mostPause the longest pause before it, in milliseconds
   */
  static Disturbance next(List<Kind> kinds, int mostPause, SplittableRandom random) {
    Kind kind = kinds.get(random.nextInt(kinds.size()));
    Duration pause = millis(random, 200, mostPause);
    return switch (kind) {
      case KILL -> new Disturbance(kind, pause, millis(random, 100, 2500), 0);
      case STOP -> new Disturbance(kind, pause, stop(random), 0);
      case CUT, SWALLOW -> new Disturbance(kind, pause, Duration.ZERO, 0);
      case BREAKDOWN -> new Disturbance(kind, pause, millis(random, 500, 4000), 0);
      case DELAY -> new Disturbance(kind, pause, millis(random, 1000, 5000), size(random, 50, 500));
      case THROTTLE ->
          new Disturbance(kind, pause, millis(random, 1000, 5000), size(random, 8 << 10, 64 << 10));
      case FILL -> new Disturbance(kind, pause, millis(random, 500, 4000), 0);
      case CLOCK -> new Disturbance(kind, pause, Duration.ZERO, offset(random));
    };
  }

  /** Half of the stops are over before anybody misses the process. */
  private static Duration stop(SplittableRandom random) {
    return random.nextBoolean() ? millis(random, 100, 1200) : millis(random, 3500, 7000);
  }

  /** Minutes as often as days, back as often as forward. */
  private static long offset(SplittableRandom random) {
    long most = random.nextBoolean() ? DAY / 100 : 5 * DAY;
    return random.nextLong(-most, most);
  }

  private static Duration millis(SplittableRandom random, int from, int to) {
    return Duration.ofMillis(size(random, from, to));
  }

  private static long size(SplittableRandom random, int from, int to) {
    return random.nextLong(from, to);
  }
}

package io.neurograft.client.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before each attempt: the wait doubles up to a limit, and is shortened by chance
 * to between half and all of that, so that sites that lost one coordinator do not all return at
 * once. For one thread.
 */
final class Backoff {
  private final Duration first;
  private final Duration most;
  private final RandomGenerator random;
  private int failures;

  /**
   * @param first the longest first wait
   * @param most the longest wait at all
   */
  Backoff(Duration first, Duration most, RandomGenerator random) {
    this.first = first;
    this.most = most;
    this.random = random;
  }

  /** The wait after one more failure. */
  Duration next() {
    double doubled = first.toMillis() * Math.pow(2, Math.min(failures, 30));
    failures++;
    double longest = Math.min(doubled, (double) most.toMillis());
    return Duration.ofMillis(Math.round(longest * (0.5 + 0.5 * random.nextDouble())));
  }

  /** How many failures there were since the last success. */
  int failures() {
    return failures;
  }

  /** Notes a success. */
  void reset() {
    failures = 0;
  }
}

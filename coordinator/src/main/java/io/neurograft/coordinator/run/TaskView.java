package io.neurograft.coordinator.run;

import java.time.Duration;
import java.time.Instant;

/**
 * A task as the planner sees it.
 *
 * @param attempts how often it was given out; at least 1
 * @param retryable whether trying again can help; only means something where it failed
 * @param retryAt when it may be given out again; only means something where it failed
 * @param deadline when the round goes on without it
 * @param message why it failed or was dropped; empty otherwise
 */
public record TaskView(
    TaskKey key,
    TaskState state,
    int attempts,
    boolean retryable,
    Instant retryAt,
    Instant deadline,
    String message) {

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /**
   * How long a site is left alone after a failure: a second, twice as long after each further one,
   * a minute at the most.
   *
   * @param attempts how often the task was given out; at least 1
   */
  public static Duration pause(int attempts) {
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 16));
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  /** Whether it failed and is not tried again. */
  public boolean failedForGood(int maximum) {
    return state == TaskState.FAILED && !(retryable && attempts < maximum);
  }
}

package io.neurograft.coordinator.run;

import java.time.Instant;

/**
 * A task as the planner sees it.
 *
 * @param attempts how often it was given out; at least 1
 * @param retryable whether trying again can help; only means something where it failed
 * @param deadline when the round goes on without it
 * @param message why it failed or was dropped; empty otherwise
 */
public record TaskView(
    TaskKey key,
    TaskState state,
    int attempts,
    boolean retryable,
    Instant deadline,
    String message) {

  /** Whether it failed and is not tried again. */
  public boolean failedForGood(int maximum) {
    return state == TaskState.FAILED && !(retryable && attempts < maximum);
  }
}

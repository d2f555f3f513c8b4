package io.neurograft.coordinator.run;

import java.time.Instant;

/** What the planner wants done. Doing one twice does no harm. */
public sealed interface Action {
  /** Give a site something to do. */
  record Issue(TaskKey key, Instant deadline) implements Action {}

  /** Give a failed task out again. */
  record Retry(TaskKey key, String reason) implements Action {}

  /** Tell a site that a task is no longer wanted. */
  record Drop(TaskKey key, String reason) implements Action {}

  /** Fuse the members by every method, and evaluate what came of it. */
  record Fuse() implements Action {}

  /** Average the models that the sites fine-tuned in a round, and evaluate what came of it. */
  record Average(int round) implements Action {}

  /** Make a model the run's result. */
  record Choose(ModelKey model) implements Action {}

  /** Tell what is going on. */
  record Note(String message) implements Action {}

  /** Go to another state. */
  record Move(RunEvent event, int round, String message) implements Action {}
}

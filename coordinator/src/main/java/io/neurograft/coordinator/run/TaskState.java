package io.neurograft.coordinator.run;

/** How a task stands. */
public enum TaskState {
  /** The site has it to do. */
  OPEN,
  /** Its result is accepted. */
  DONE,
  /** The site could not do it, or its result was refused. */
  FAILED,
  /** It is no longer wanted: its deadline passed or its run ended. */
  DROPPED
}

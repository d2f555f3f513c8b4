package io.neurograft.coordinator.run;

/** Where a run is. */
public enum RunState {
  /** Waits until enough sites are attached. */
  GATHERING,
  /** The sites train their members. */
  TRAINING,
  /** The coordinator fuses the members. */
  FUSING,
  /** The sites fine-tune the fused models. */
  FINE_TUNING,
  /** The coordinator averages the fine-tuned models. */
  AVERAGING,
  /** The sites pull the published model. */
  PUBLISHING,
  /** All is done. */
  COMPLETED,
  /** The run could not go on. */
  FAILED,
  /** An operator ended the run. */
  CANCELLED;

  /** Whether nothing follows. */
  public boolean ended() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }
}

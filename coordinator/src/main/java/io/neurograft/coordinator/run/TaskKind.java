package io.neurograft.coordinator.run;

/** What a site is asked to do. */
public enum TaskKind {
  /** Train a member from fresh weights and score its units. */
  TRAIN,
  /** Answer a question about the site's examples with moments. */
  MOMENTS,
  /** Fine-tune a model. */
  FINE_TUNE,
  /** Evaluate a model on the examples held back. */
  EVALUATE,
  /** Keep the published model. */
  ADOPT
}

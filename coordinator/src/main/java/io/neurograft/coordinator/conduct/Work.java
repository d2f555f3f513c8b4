package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.run.Scoring;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.neural.training.TrainingSettings;

/** What a task asks of a site. */
public sealed interface Work {
  /** Train a member from fresh weights and score its units. */
  record Train(TrainingSettings training, long seed, Scoring scoring) implements Work {}

  /** Fine-tune a model that a method made, in a round from 1 on. */
  record FineTune(
      StoredArtifact model, TrainingSettings training, long seed, String method, int round)
      implements Work {}

  /** Evaluate a model on the examples held back. */
  record Evaluate(StoredArtifact model) implements Work {}

  /** Keep the published model. */
  record Adopt(StoredArtifact model) implements Work {}
}

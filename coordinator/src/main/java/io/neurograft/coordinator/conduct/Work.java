package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.run.Scoring;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.neural.training.TrainingSettings;
import java.util.List;

/** What a task asks of a site. */
public sealed interface Work {
  /**
   * Train a member from fresh weights and score its units.
   *
   * @param masking whether a public key for masks is to be made, too
   */
  record Train(TrainingSettings training, long seed, Scoring scoring, boolean masking)
      implements Work {}

  /** Fine-tune a model that a method made, in a round from 1 on. */
  record FineTune(
      StoredArtifact model, TrainingSettings training, long seed, String method, int round)
      implements Work {}

  /**
   * Answer a question.
   *
   * @param members the members' weights, in their order
   * @param questions of the fusion so far; the last is to be answered
   */
  record Moments(
      List<StoredArtifact> members, List<StoredArtifact> questions, String method, int exchange)
      implements Work {}

  /** Evaluate a model on the examples held back. */
  record Evaluate(StoredArtifact model) implements Work {}

  /** Keep the published model. */
  record Adopt(StoredArtifact model) implements Work {}
}

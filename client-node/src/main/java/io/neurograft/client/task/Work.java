package io.neurograft.client.task;

import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.training.TrainingSettings;
import java.util.Optional;

/** What a task asks for. */
public sealed interface Work {
  /** One word for logs and metrics. */
  String kind();

  /** The model it starts from, if any. */
  Optional<ArtifactRef> given();

  /**
   * Trains a member from fresh weights and scores its units.
   *
   * @param seed of the initial weights, the order of the examples, and which of them are scored
   * @param examples how many training examples are scored at the most; at least 1
   * @param steps along the path, for methods that integrate; at least 1
   */
  record Train(TrainingSettings training, long seed, ScoreMethod method, int examples, int steps)
      implements Work {
    /**
     * @throws IllegalArgumentException if there are no examples or no steps
     */
    public Train {
      if (examples < 1 || steps < 1) {
        throw new IllegalArgumentException(
            "expected scores on at least one example in at least one step, found "
                + examples
                + " and "
                + steps);
      }
    }

    @Override
    public String kind() {
      return "train";
    }

    @Override
    public Optional<ArtifactRef> given() {
      return Optional.empty();
    }
  }

  /**
   * Trains a model further.
   *
   * @param seed of the order of the examples
   * @param method the fusion method that made the model
   * @param round from 1 on
   */
  record FineTune(ArtifactRef model, TrainingSettings training, long seed, String method, int round)
      implements Work {
    @Override
    public String kind() {
      return "fine-tune";
    }

    @Override
    public Optional<ArtifactRef> given() {
      return Optional.of(model);
    }
  }

  /** Evaluates a model. */
  record Evaluate(ArtifactRef model) implements Work {
    @Override
    public String kind() {
      return "evaluate";
    }

    @Override
    public Optional<ArtifactRef> given() {
      return Optional.of(model);
    }
  }

  /** Keeps the published model. */
  record Adopt(ArtifactRef model) implements Work {
    @Override
    public String kind() {
      return "adopt";
    }

    @Override
    public Optional<ArtifactRef> given() {
      return Optional.of(model);
    }
  }
}

package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.Trainer;
import io.neurograft.neural.training.TrainingSettings;
import java.util.List;
import java.util.Optional;

/** Fuses some donors into one network by a variant (NT section 3). */
final class Step {
  private static final double RATE = 0.01; // NT's
  private static final double MOMENTUM = 0.9;
  private static final int BATCH = 64;

  private final Ranking ranking;
  private final Variant variant;
  private final TrainingSettings tuning;
  private final Optional<Dataset> examples;
  private final long seed;
  private int trainings; // how many there were

  /**
   * @param epochs of tuning, where the variant tunes
   * @param examples must be there where the variant tunes
   */
  Step(Ranking ranking, Variant variant, int epochs, Optional<Dataset> examples, long seed) {
    this.ranking = ranking;
    this.variant = variant;
    this.tuning = new TrainingSettings(Optimizer.SGD, RATE, MOMENTUM, 0, BATCH, epochs);
    this.examples = examples;
    this.seed = seed;
  }

  /**
   * Fuses.
   *
   * @param target the result; of each group at most as many units as the donors have together
   * @return with weights that are the caller's to close
   */
  Donor fuse(NetworkSpec target, List<Donor> donors, NDManager parent, Progress progress) {
    return switch (variant) {
      case MERGE_PRUNE -> Pruning.jointly(target, donors, ranking, parent);
      case PRUNE_MERGE -> Pruning.apart(target, donors, ranking, parent);
      case MERGE_TUNE_PRUNE -> {
        Donor wide = Concatenation.of(donors, parent);
        try (wide) {
          Trainer.train(
              wide.network(), examples.orElseThrow(), tuning, seed + trainings++, progress);
          yield Pruning.jointly(target, List.of(wide), ranking, parent);
        }
      }
    };
  }
}

package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.collection.Deviations;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Samples;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.TrainingSettings;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Trains the levels of a fused network, one after the other, to give what the grouped members give
 * (NI section 3; section 4 of the design, "Non-linear levels"): Adam on the importance-weighted
 * mean squared error, on four fifths of the examples; the weights kept are those of the least loss
 * on the fifth that is held back. A head for labels learns by cross-entropy.
 *
 * <p>A level starts from its closed form, fitted to the moments of the same four fifths, not from
 * one member's level as the design says: that form is the best there is where a level is one affine
 * map, members' widths may differ from the fused network's, and as the start is the first candidate
 * the result is never worse than it on the examples held back. (NI's code keeps the last weights.)
 *
 * <p>Dropout and batch statistics are off: the closed form has set the running ones.
 */
public final class GradientFit {
  private static final TrainingSettings SETTINGS =
      new TrainingSettings(Optimizer.ADAM, 1e-3, 0, 0, 32, 50);

  /** One of so many examples is held back. */
  private static final int FOLDS = 5;

  private final Dataset examples;
  private final int[] training;
  private final int[] heldBack;
  private final TrainingSettings settings;
  private final long keptBytes;
  private final long seed;

  GradientFit(Dataset examples, TrainingSettings settings, long keptBytes, long seed) {
    if (examples.size() < FOLDS) {
      throw new InvalidInputException(
          "data",
          "a gradient fit holds back every fifth example: expected at least %d, found %d"
              .formatted(FOLDS, examples.size()));
    }
    int[] order = Samples.shuffled(Batches.all(examples), new SplittableRandom(seed));
    int held = examples.size() / FOLDS;
    this.examples = examples;
    this.heldBack = Arrays.copyOf(order, held);
    this.training = Arrays.copyOfRange(order, held, order.length);
    this.settings = settings;
    this.keptBytes = keptBytes;
    this.seed = seed;
  }

  /** How many examples are not held back. */
  public int size() {
    return training.length;
  }

  /**
   * A fit on some examples.
   *
   * @param keptBytes how much of a level's inputs and targets may be kept in memory
   * @param seed decides which examples are held back, and the order of the others
   * @throws InvalidInputException if there are fewer than five
   */
  public static GradientFit of(Dataset examples, long keptBytes, long seed) {
    return new GradientFit(examples, SETTINGS, keptBytes, seed);
  }

  /** The places of the examples that are trained on. */
  int[] training() {
    return training.clone();
  }

  /** The places of the examples that choose the weights. */
  int[] heldBack() {
    return heldBack.clone();
  }

  /** The moments of the examples that are trained on; the closed form must not see the others. */
  public MomentSource moments(LevelBudget budget) {
    return ProxyMoments.of(examples.subset(training), seed, keptBytes, budget);
  }

  /**
   * Trains a level in place.
   *
   * @param fused fitted up to the level, this included
   * @param closed what the closed form's last step of the level reported
   * @return the same with the errors after training, over all rows of the examples trained on
   */
  StepReport fit(Network fused, LevelTargets targets, StepReport closed) {
    int batchSize = settings.batchSize();
    try (NDManager scope = fused.weights().scope().newSubManager();
        LevelExamples level = new LevelExamples(examples, batchSize, keptBytes, fused, targets)) {
      new LevelTraining(fused, targets, level, scope)
          .run(training, heldBack, settings, new SplittableRandom(seed + targets.level()));
      return report(fused, targets, level, closed);
    }
  }

  private StepReport report(
      Network fused, LevelTargets targets, LevelExamples level, StepReport closed) {
    Deviations deviations = targets.deviations();
    double[] approximation = {0};
    long[] rows = {0};
    level.stream(
        training,
        batch -> {
          NDArray y = targets.rows(fused.forward(batch.x(), 0, targets.level() + 1));
          rows[0] += y.getShape().get(0);
          if (targets.labels()) {
            approximation[0] += targets.error(y.softmax(1), level.target(batch));
          } else {
            NDArray z = targets.units(batch.x());
            NDArray t = level.clustered(z);
            deviations.addRows(z, t);
            approximation[0] += targets.error(y, t);
          }
        });
    return closed.trained(
        rows[0] / targets.stride(), targets.grouping(deviations), approximation[0]);
  }
}

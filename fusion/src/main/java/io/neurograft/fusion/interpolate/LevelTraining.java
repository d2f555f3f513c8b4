package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.neurograft.neural.data.Samples;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Gradients;
import io.neurograft.neural.training.Stepper;
import io.neurograft.neural.training.TrainingSettings;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Trains all parameters of one level, those of groups within it included, and keeps the weights of
 * the least loss on examples that it does not train on; those it starts from are the first
 * candidate. An epoch that brings nothing is undone and the rate halved, so that one first rate
 * serves levels of any scale.
 */
final class LevelTraining {
  /** Epochs in a row that bring nothing before the level is left. */
  private static final int PATIENCE = 5;

  private final Network fused;
  private final LevelTargets targets;
  private final LevelExamples examples;
  private final NDManager scope;
  private final NDArray shares;
  private final List<NDArray> weights;

  /**
   * @param fused fitted up to the level, this included; the level is trained in place
   * @param scope closed by the caller
   */
  LevelTraining(Network fused, LevelTargets targets, LevelExamples examples, NDManager scope) {
    this.fused = fused;
    this.targets = targets;
    this.examples = examples;
    this.scope = scope;
    this.shares = scope.create(targets.shares());
    this.weights =
        fused.weights().all().entrySet().stream()
            .filter(entry -> NetworkSpec.levelOf(entry.getKey()) == targets.level())
            .filter(entry -> Weights.trained(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
  }

  /**
   * Trains until patience or epochs end.
   *
   * @param training the places of the examples to train on
   * @param heldBack the places of those that choose the weights, at least one
   * @param random decides the order of the examples
   */
  void run(int[] training, int[] heldBack, TrainingSettings settings, SplittableRandom random) {
    List<NDArray> best = weights.stream().map(NDArray::duplicate).toList();
    best.forEach(copy -> copy.attach(scope));
    int[] order = training.clone();
    double least = loss(heldBack);
    int failed = 0;
    TrainingSettings now = settings;
    Stepper stepper = new Stepper(weights, now, scope);
    try {
      for (int epoch = 0; epoch < settings.epochs() && failed < PATIENCE; epoch++) {
        train(Samples.shuffled(order, random), stepper);
        double loss = loss(heldBack);
        if (loss < least) { // not where it is no number
          least = loss;
          failed = 0;
          set(best, weights);
        } else {
          failed++;
          set(weights, best);
          stepper.close();
          now = now.withLearningRate(now.learningRate() / 2);
          stepper = new Stepper(weights, now, scope);
        }
      }
    } finally {
      stepper.close();
    }
    set(weights, best);
  }

  private void train(int[] order, Stepper stepper) {
    examples.forEach(
        order,
        (x, t) -> {
          Gradients.backward(() -> targets.loss(output(x), t, shares));
          stepper.step();
        });
  }

  /** The level's output for what it reads, as rows (rows x n). */
  private NDArray output(NDArray x) {
    return targets.rows(fused.forward(x, targets.level(), targets.level() + 1));
  }

  /** The mean loss over some examples. */
  double loss(int[] places) {
    double[] sum = {0};
    long[] rows = {0};
    examples.forEach(
        places,
        (x, t) -> {
          long size = t.getShape().get(0);
          sum[0] += size * (double) targets.loss(output(x), t, shares).getFloat();
          rows[0] += size;
        });
    return sum[0] / rows[0];
  }

  private static void set(List<NDArray> to, List<NDArray> from) {
    for (int i = 0; i < to.size(); i++) {
      to.get(i).set(new NDIndex("..."), from.get(i));
    }
  }
}

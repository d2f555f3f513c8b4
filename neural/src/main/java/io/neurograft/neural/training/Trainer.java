package io.neurograft.neural.training;

import ai.djl.ndarray.NDArray;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import io.neurograft.neural.tensor.Gradients;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Trains a network on a data set by minimising the cross-entropy or another objective. The same
 * weights, data, objective, settings, seed and number of engine threads give the same bits,
 * whatever else the process does.
 */
public final class Trainer {
  private Trainer() {}

  /** Trains in place on the examples' own classes. */
  public static void train(
      Network network, Dataset data, TrainingSettings settings, long seed, Progress progress) {
    train(network, data, Objective.LABELS, settings, seed, progress);
  }

  /**
   * Trains in place.
   *
   * @param seed of the order of the examples and of dropout
   * @param progress hears the epoch and its mean loss so far
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the weights
   *     are then those of the last step
   * @throws TrainingDivergedException if the loss is no number any more
   */
  public static void train(
      Network network,
      Dataset data,
      Objective objective,
      TrainingSettings settings,
      long seed,
      Progress progress) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = Batches.all(data);
    try (Stepper stepper = new Stepper(network, settings)) {
      for (int epoch = 0; epoch < settings.epochs(); epoch++) {
        shuffle(order, random.split());
        epoch(network, data, objective, settings, order, random.split(), stepper, epoch, progress);
      }
    }
  }

  private static void epoch(
      Network network,
      Dataset data,
      Objective objective,
      TrainingSettings settings,
      int[] order,
      SplittableRandom random,
      Stepper stepper,
      int epoch,
      Progress progress) {
    double[] sum = {0};
    Pass pass = Pass.training(random);
    int levels = network.spec().levelCount();
    Batches.forEach(
        data,
        network.spec().input(),
        order,
        settings.batchSize(),
        network.weights().scope(),
        batch -> {
          int[] places = Arrays.copyOfRange(order, batch.first(), batch.first() + batch.size());
          NDArray loss =
              Gradients.backward(
                  () -> objective.loss(network.forward(batch.x(), 0, levels, pass), batch, places));
          stepper.step();
          sum[0] += loss.getFloat() * (double) batch.size();
          int done = batch.first() + batch.size();
          double mean = sum[0] / done;
          if (!Double.isFinite(mean)) {
            throw new TrainingDivergedException(epoch + 1, settings.learningRate());
          }
          progress.report(
              (epoch + (double) done / order.length) / settings.epochs(),
              String.format(
                  Locale.ROOT, "epoch %d/%d, loss %.3f", epoch + 1, settings.epochs(), mean));
        });
  }

  private static void shuffle(int[] order, SplittableRandom random) {
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }
}

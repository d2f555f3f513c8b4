package io.neurograft.neural.training;

import io.neurograft.neural.config.ConfigNode;

/**
 * How a network is trained.
 *
 * @param optimizer the optimizer
 * @param learningRate the step; above 0
 * @param momentum of SGD, from 0 to below 1; Adam ignores it
 * @param weightDecay L2 penalty; 0 or more
 * @param batchSize examples a step; at least 1
 * @param epochs passes over the data; at least 1
 */
public record TrainingSettings(
    Optimizer optimizer,
    double learningRate,
    double momentum,
    double weightDecay,
    int batchSize,
    int epochs) {
  /** What is used where nothing is said: SGD, 0.05, momentum 0.9, batches of 64, five epochs. */
  public static final TrainingSettings DEFAULT =
      new TrainingSettings(Optimizer.SGD, 0.05, 0.9, 0, 64, 5);

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public TrainingSettings {
    require(learningRate > 0 && learningRate <= 1e3, "a learning rate above 0", learningRate);
    require(momentum >= 0 && momentum < 1, "a momentum from 0 to below 1", momentum);
    require(weightDecay >= 0 && weightDecay <= 1e3, "a weight decay of at least 0", weightDecay);
    require(batchSize >= 1 && batchSize <= 1 << 20, "a batch size of at least 1", batchSize);
    require(epochs >= 1 && epochs <= 1 << 20, "at least one epoch", epochs);
  }

  /** Reads settings from a document; what is missing comes from the defaults given. */
  public static TrainingSettings from(ConfigNode node, TrainingSettings byDefault) {
    return new TrainingSettings(
        node.choice("optimizer", Optimizer.class, byDefault.optimizer),
        node.decimalOr("learning-rate", 1e-9, 1e3, byDefault.learningRate),
        node.decimalOr("momentum", 0, 0.9999, byDefault.momentum),
        node.decimalOr("weight-decay", 0, 1e3, byDefault.weightDecay),
        (int) node.integerOr("batch-size", 1, 1 << 20, byDefault.batchSize),
        (int) node.integerOr("epochs", 1, 1 << 20, byDefault.epochs));
  }

  /** The same settings for another number of epochs. */
  public TrainingSettings withEpochs(int number) {
    return new TrainingSettings(optimizer, learningRate, momentum, weightDecay, batchSize, number);
  }

  /** The same settings with another rate. */
  public TrainingSettings withLearningRate(double rate) {
    return new TrainingSettings(optimizer, rate, momentum, weightDecay, batchSize, epochs);
  }

  private static void require(boolean holds, String expected, double found) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + expected + ", found " + found);
    }
  }
}

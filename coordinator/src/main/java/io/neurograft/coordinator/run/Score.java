package io.neurograft.coordinator.run;

/**
 * How a model did on a number of examples.
 *
 * @param examples the number of examples; at least 1
 * @param correct how many of them were classified rightly
 * @param loss the mean cross-entropy, in nats; infinite where the network's outputs are too large
 *     to tell
 */
public record Score(long examples, long correct, double loss) {
  /** A loss that is no number counts as the worst: not every database keeps it as it is. */
  public Score {
    loss = Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
  }

  /** The share that was classified rightly, from 0 to 1. */
  public double accuracy() {
    return (double) correct / examples;
  }

  /** The same score as of fewer examples, where there are more than count. */
  public Score atMost(long most) {
    return examples <= most
        ? this
        : new Score(most, Math.round((double) correct / examples * most), loss);
  }

  /** The score on both sets of examples together. */
  public Score plus(Score other) {
    long all = examples + other.examples;
    double meanLoss = (loss * examples + other.loss * other.examples) / all;
    return new Score(all, correct + other.correct, meanLoss);
  }
}

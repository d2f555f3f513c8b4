package io.neurograft.coordinator.run;

/**
 * How a model did on a number of examples.
 *
 * @param examples the number of examples; at least 1
 * @param correct how many of them were classified rightly
 * @param loss the mean cross-entropy, in nats
 */
public record Score(long examples, long correct, double loss) {
  /** The share that was classified rightly, from 0 to 1. */
  public double accuracy() {
    return (double) correct / examples;
  }

  /** The score on both sets of examples together. */
  public Score plus(Score other) {
    long all = examples + other.examples;
    double meanLoss = (loss * examples + other.loss * other.examples) / all;
    return new Score(all, correct + other.correct, meanLoss);
  }
}

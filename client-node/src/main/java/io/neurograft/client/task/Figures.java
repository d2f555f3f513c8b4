package io.neurograft.client.task;

import io.neurograft.neural.training.Evaluation;

/**
 * How a model did on the examples held back.
 *
 * @param examples how many; at least 1
 * @param correct how many of them it classified rightly
 * @param loss the mean cross-entropy, in nats
 */
public record Figures(long examples, long correct, double loss) {
  static Figures of(Evaluation evaluation) {
    return new Figures(evaluation.examples(), evaluation.correct(), evaluation.loss());
  }

  /** The share classified rightly. */
  public double accuracy() {
    return (double) correct / examples;
  }
}

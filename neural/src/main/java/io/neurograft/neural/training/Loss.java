package io.neurograft.neural.training;

import ai.djl.ndarray.NDArray;

/** Cross-entropy of logits, in nats. */
final class Loss {
  private Loss() {}

  /**
   * The mean over a batch.
   *
   * @param logits (B x classes)
   * @param labels (B)
   * @return a scalar
   */
  static NDArray mean(NDArray logits, NDArray labels) {
    return each(logits.logSoftmax(1), labels).mean();
  }

  /**
   * Example by example.
   *
   * @param logProbabilities (B x classes)
   * @param labels (B)
   * @return (B)
   */
  static NDArray each(NDArray logProbabilities, NDArray labels) {
    return logProbabilities.gather(labels.expandDims(1), 1).squeeze(1).neg();
  }
}

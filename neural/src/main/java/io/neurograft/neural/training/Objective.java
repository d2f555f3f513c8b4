package io.neurograft.neural.training;

import ai.djl.ndarray.NDArray;
import io.neurograft.neural.data.Batch;

/** What a training makes small. */
@FunctionalInterface
public interface Objective {
  /** The cross-entropy of the examples' own classes. */
  Objective LABELS = (logits, batch, places) -> Loss.mean(logits, batch.labels());

  /**
   * The mean loss of a batch, computed with gradients recorded.
   *
   * @param logits the network's (B x classes)
   * @param places where the batch's examples stand in the data set
   * @return a scalar
   */
  NDArray loss(NDArray logits, Batch batch, int[] places);
}

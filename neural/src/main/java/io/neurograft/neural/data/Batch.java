package io.neurograft.neural.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Some examples as arrays, in a scope that ends after their use.
 *
 * @param first the place of the first example in the order of the pass
 * @param x their values (B x input), normalised, in single precision
 * @param labels their classes (B), 64-bit whole numbers
 */
public record Batch(int first, NDArray x, NDArray labels) {
  /** The number of examples. */
  public int size() {
    return (int) labels.size();
  }

  /** The scope of these arrays, and of what is made of them. */
  public NDManager scope() {
    return x.getManager();
  }
}

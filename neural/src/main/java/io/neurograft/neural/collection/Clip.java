package io.neurograft.neural.collection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.DataType;
import java.util.Optional;

/**
 * Bounds what one row can add to moments, so that noise can hide it: a row is shortened to a
 * length, and with it the square matrix that it adds.
 *
 * @param norm the largest L2 norm of a row of inputs, the one behind them, and targets; above 0
 */
public record Clip(double norm) {
  /**
   * Rows no longer than the norm.
   *
   * @param rows (rows x N)
   * @return (rows x N), in the scope of {@code rows}
   */
  NDArray clipped(NDArray rows) {
    try (NDArray finite = finite(rows);
        NDArray lengths = squares(finite);
        NDArray weights = weights(lengths);
        NDArray scale = weights.sqrt(); // in double precision: single would round up near 0
        NDArray typed = scale.toType(rows.getDataType(), false)) {
      return finite.mul(typed);
    }
  }

  /**
   * How much rows may count: {@code min(1, norm^2 / |(x, 1, t)|^2)}.
   *
   * @param x (rows x p)
   * @param t (rows x m)
   * @return (rows x 1)
   */
  NDArray weights(NDArray x, NDArray t) {
    try (NDArray lengths = lengths(x, t)) {
      return weights(lengths);
    }
  }

  /**
   * The same where rows have weights already: {@code min(w, norm^2 / |(x, 1, t)|^2)}.
   *
   * @param w 0 or more (rows x 1), float64
   */
  NDArray weights(NDArray x, NDArray t, NDArray w) {
    try (NDArray lengths = lengths(x, t);
        NDArray weighted = lengths.mul(w);
        NDArray scale = weights(weighted)) {
      return scale.mul(w);
    }
  }

  private static NDArray lengths(NDArray x, NDArray t) {
    try (NDArray inputs = squares(x);
        NDArray targets = squares(t);
        NDArray both = inputs.add(targets)) {
      return both.add(1);
    }
  }

  /** What takes weighted rows. */
  interface Rows {
    /** Takes rows with weights (rows x 1). */
    void add(NDArray x, NDArray t, NDArray weights);
  }

  /**
   * Hands on rows with the weights that shorten them.
   *
   * @param own the weights that rows have already (rows x 1), float64
   */
  void add(NDArray x, NDArray t, Optional<NDArray> own, Rows rows) {
    try (NDArray inputs = finite(x);
        NDArray targets = finite(t);
        NDArray weights =
            own.map(w -> weights(inputs, targets, w)).orElseGet(() -> weights(inputs, targets))) {
      rows.add(inputs, targets, weights);
    }
  }

  private static NDArray squares(NDArray rows) {
    NDArray typed =
        rows.getDataType() == DataType.FLOAT64 ? rows : rows.toType(DataType.FLOAT64, false);
    try (NDArray squares = typed.square()) {
      return squares.sum(new int[] {1}, true);
    } finally {
      if (typed != rows) {
        typed.close();
      }
    }
  }

  /**
   * The same rows with 0 for each number that is none: such a number would pass through any noise.
   *
   * @return in the scope of {@code rows}
   */
  static NDArray finite(NDArray rows) {
    try (NDArray absent = rows.isNaN();
        NDArray infinite = rows.isInfinite();
        NDArray none = absent.logicalOr(infinite);
        NDArray zeros = rows.zerosLike()) {
      return NDArrays.where(none, zeros, rows);
    }
  }

  private NDArray weights(NDArray squaredLengths) {
    try (NDArray least = squaredLengths.maximum(norm * norm);
        NDArray inverse = least.pow(-1)) {
      return inverse.mul(norm * norm);
    }
  }

  /**
   * How far an answer can move when one example is replaced by another, in L2 norm.
   *
   * @param rows that an example adds
   */
  double sensitivity(double rows) {
    return 2 * rows * norm * norm;
  }
}

package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.tensor.Operators;
import java.util.SplittableRandom;

/**
 * A random matrix P (p x q) with one entry in each row, 1 or -1 divided by the length of its
 * column: every column of {@code X P} is a sum of some columns of X with random signs (count
 * sketch; Charikar, Chen and Farach-Colton, 2002). Its columns are orthonormal.
 *
 * <p>The same seed gives the same P everywhere. It costs one addition for each column of X, where a
 * dense P costs q and was no more accurate.
 */
final class SparseSigns {
  private final int columns; // q
  private final NDArray order; // the columns of X; the one at i becomes part of column i mod q
  private final NDArray signs; // (1 x p), in that order
  private final NDArray target; // by column of X, its column of X P
  private final NDArray signsByColumn; // (p x 1)

  /**
   * @param from p
   * @param to q, 1 to p
   */
  SparseSigns(int from, int to, long seed, NDManager scope) {
    int[] shuffled = shuffled(from, new SplittableRandom(seed));
    SplittableRandom random = new SplittableRandom(~seed);
    long[] at = new long[from];
    long[] targets = new long[from];
    double[] ordered = new double[from];
    double[] byColumn = new double[from];
    for (int i = 0; i < from; i++) {
      int length = (from - i % to + to - 1) / to; // the entries of column i mod q
      at[i] = shuffled[i];
      targets[shuffled[i]] = i % to;
      ordered[i] = (random.nextBoolean() ? 1 : -1) / Math.sqrt(length);
      byColumn[shuffled[i]] = ordered[i];
    }
    this.columns = to;
    this.order = scope.create(at);
    this.target = scope.create(targets);
    this.signs = scope.create(ordered, new Shape(1, from));
    this.signsByColumn = scope.create(byColumn, new Shape(from, 1));
  }

  private static int[] shuffled(int size, SplittableRandom random) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /**
   * {@code X P}, in the scope of X.
   *
   * @param x (rows x p)
   */
  NDArray apply(NDArray x) {
    long from = x.getShape().get(1);
    try (NDArray ordered = Operators.columns(x, order);
        NDArray typed = signs.toType(x.getDataType(), true);
        NDArray signed = ordered.mul(typed)) {
      NDArray sum = signed.get(new NDIndex(":, 0:{}", columns)).duplicate();
      for (long next = columns; next < from; next += columns) {
        long width = Math.min(columns, from - next);
        try (NDArray left = sum.get(new NDIndex(":, 0:{}", width));
            NDArray more = signed.get(new NDIndex(":, {}:{}", next, next + width))) {
          left.addi(more);
        }
      }
      return sum;
    }
  }

  /**
   * {@code P W}, in the scope of W.
   *
   * @param w (q x n), float64
   */
  NDArray lift(NDArray w) {
    try (NDArray rows = Operators.rows(w, target)) {
      return rows.mul(signsByColumn);
    }
  }
}

package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * What a least-squares fit of targets T onto inputs X needs to know of its rows, however many: with
 * a column of ones behind X, {@code S = X'X}, {@code C = X'T} and {@code G = T'T}. Moments of parts
 * of the rows add up to the moments of all. (Design: fusion, section 4.)
 *
 * <p>Products of a block of rows are computed in the data type asked for, sums in double precision:
 * in FLOAT64 two partitions of the rows agree to 1e-12 of the largest entry, in FLOAT32 to 1e-5.
 */
public final class SecondMoments implements AutoCloseable {
  private static final int BLOCK = 8192;

  private final DataType products;
  private final NDManager scope;
  private final Gram inputs;
  private final Gram targets;
  private final NDArray cross;

  /**
   * Moments of no rows.
   *
   * @param inputs the columns of X without the ones, p
   * @param targets the columns of T, m
   * @param products FLOAT32 or FLOAT64
   */
  public SecondMoments(int inputs, int targets, DataType products, NDManager parent) {
    this.products = products;
    this.scope = parent.newSubManager();
    this.inputs = new Gram(inputs + 1, products, scope);
    this.targets = new Gram(targets, products, scope);
    this.cross = scope.zeros(new Shape(inputs + 1, targets), DataType.FLOAT64);
  }

  /**
   * Adds rows.
   *
   * @param x (rows x p)
   * @param t (rows x m)
   */
  public void addRows(NDArray x, NDArray t) {
    long total = x.getShape().get(0);
    if (!x.getShape().equals(new Shape(total, inputs.columns() - 1))
        || !t.getShape().equals(new Shape(total, targets.columns()))) {
      throw new IllegalArgumentException(
          "expected rows of "
              + (inputs.columns() - 1)
              + " inputs and "
              + targets.columns()
              + " targets, found "
              + x.getShape()
              + " and "
              + t.getShape());
    }
    for (long from = 0; from < total; from += BLOCK) {
      long to = Math.min(total, from + BLOCK);
      try (NDArray part = Gram.block(x, from, to, products);
          NDArray ones = part.getManager().ones(new Shape(to - from, 1), products);
          NDArray withOnes = part.concat(ones, 1);
          NDArray transposed = withOnes.transpose();
          NDArray target = Gram.block(t, from, to, products);
          NDArray product = transposed.matMul(target); // (p+1 x m) = (p+1 x rows)(rows x m)
          NDArray exact = product.toType(DataType.FLOAT64, false)) {
        cross.addi(exact);
        inputs.addRows(withOnes);
        targets.addRows(target);
      }
    }
  }

  /** Adds the rows of other moments of the same shapes. */
  public void add(SecondMoments other) {
    inputs.add(other.inputs);
    targets.add(other.targets);
    cross.addi(other.cross);
  }

  /** The number of rows so far. */
  public long rows() {
    return inputs.rows();
  }

  /** S (p+1 x p+1), float64, in the given scope; the last row and column are those of the ones. */
  public NDArray inputs(NDManager target) {
    return inputs.matrix(target);
  }

  /** C (p+1 x m), float64. */
  public NDArray cross() {
    return cross;
  }

  /** G (m x m), as far as it is collected. */
  public Gram targets() {
    return targets;
  }

  @Override
  public void close() {
    scope.close();
  }
}

package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;

/**
 * What a least-squares fit of targets T onto inputs X needs to know of its rows, however many: with
 * a column of ones behind X, {@code S = X'X}, {@code C = X'T} and {@code G = T'T}. Moments of parts
 * of the rows add up to the moments of all. (Design: fusion, section 4.)
 *
 * <p>Products of a block of rows are computed in the data type asked for, sums in double precision:
 * in FLOAT64 two partitions of the rows agree to 1e-12 of the largest entry, in FLOAT32 to 1e-5.
 */
public final class SecondMoments implements AutoCloseable {
  private final InputMoments inputs;
  private final TargetMoments targets;

  /**
   * Moments of no rows.
   *
   * @param inputs the columns of X without the ones, p
   * @param targets the columns of T, m
   * @param products FLOAT32 or FLOAT64
   */
  public SecondMoments(int inputs, int targets, DataType products, NDManager parent) {
    this.inputs = new InputMoments(inputs, products, parent);
    this.targets = new TargetMoments(inputs, targets, products, parent);
  }

  /**
   * Adds rows.
   *
   * @param x (rows x p)
   * @param t (rows x m)
   */
  public void addRows(NDArray x, NDArray t) {
    targets.addRows(x, t);
    inputs.addRows(x);
  }

  /** Adds the rows of other moments of the same shapes. */
  public void add(SecondMoments other) {
    inputs.add(other.inputs);
    targets.add(other.targets);
  }

  /** The number of rows so far. */
  public long rows() {
    return inputs.rows();
  }

  /** S. */
  public InputMoments inputs() {
    return inputs;
  }

  /** C and G. */
  public TargetMoments targets() {
    return targets;
  }

  @Override
  public void close() {
    inputs.close();
    targets.close();
  }
}

package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * What a least-squares fit of targets T onto inputs X needs to know of its rows, however many: with
 * a column of ones behind X, {@code S = X'X}, {@code C = X'T} and the lengths of the targets.
 * Moments of parts of the rows add up to the moments of all. (Design: fusion, section 4.)
 *
 * <p>Products of a block of rows are computed in the data type asked for, sums in double precision:
 * in FLOAT64 two partitions of the rows agree to 1e-12 of the largest entry, in FLOAT32 to 1e-5.
 */
public final class SecondMoments implements Summed, AutoCloseable {
  private final InputMoments inputs;
  private final TargetMoments targets;

  /**
   * Moments of no rows.
   *
   * @param inputs the columns of X without the ones, p
   * @param targets the columns of T, m
   */
  public SecondMoments(int inputs, int targets, MomentSettings settings, NDManager parent) {
    this.inputs = new InputMoments(inputs, settings, parent);
    this.targets = new TargetMoments(inputs, targets, settings, parent);
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

  /**
   * Adds rows as if each were there as often as its weight says, which need not be whole.
   *
   * @param x (rows x p)
   * @param t (rows x m)
   * @param weights 0 or more (rows x 1)
   */
  public void addRows(NDArray x, NDArray t, NDArray weights) {
    targets.addRows(x, t, weights);
    inputs.addRows(x, weights);
  }

  @Override
  public long numbers() {
    return inputs.numbers() + targets.numbers();
  }

  /** How many numbers moments of so many inputs and targets are on their way. */
  public static long numbers(long inputs, long targets) {
    return InputMoments.numbers(inputs) + TargetMoments.numbers(inputs, targets);
  }

  @Override
  public void write(NumberSink sink) {
    inputs.write(sink);
    targets.write(sink);
  }

  @Override
  public void add(NumberSource source) {
    inputs.add(source);
    targets.add(source);
  }

  /** The number of rows so far. */
  public long rows() {
    return inputs.rows();
  }

  /** S. */
  public InputMoments inputs() {
    return inputs;
  }

  /** C and the targets' lengths. */
  public TargetMoments targets() {
    return targets;
  }

  @Override
  public void close() {
    inputs.close();
    targets.close();
  }
}

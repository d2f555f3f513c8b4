package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * The moments {@code C = X'T} and {@code G = T'T} of a fit's targets, X with a column of ones
 * behind it. As long as there are no more rows than columns of X, the targets themselves are held
 * beside them.
 */
public final class TargetMoments implements AutoCloseable {
  private final int columns;
  private final DataType products;
  private final NDManager scope;
  private final ProductSum cross; // (p x m)
  private final NDArray sums; // (1 x m), float64
  private final Gram gram;
  private final HeldRows held;

  /**
   * Moments of no rows.
   *
   * @param columns of X without the ones, p
   * @param targets the columns of T, m
   * @param products FLOAT32 or FLOAT64
   */
  public TargetMoments(int columns, int targets, DataType products, NDManager parent) {
    this.columns = columns;
    this.products = products;
    this.scope = parent.newSubManager();
    this.cross = new ProductSum(new Shape(columns, targets), products, scope);
    this.sums = scope.zeros(new Shape(1, targets), DataType.FLOAT64);
    this.gram = new Gram(targets, products, scope);
    this.held = new HeldRows(columns, products, scope);
  }

  /**
   * Adds rows.
   *
   * @param x (rows x p)
   * @param t (rows x m)
   */
  public void addRows(NDArray x, NDArray t) {
    long added = x.getShape().get(0);
    if (!x.getShape().equals(new Shape(added, columns))
        || !t.getShape().equals(new Shape(added, gram.columns()))) {
      throw new IllegalArgumentException(
          "expected rows of %d inputs and %d targets, found %s and %s"
              .formatted(columns, gram.columns(), x.getShape(), t.getShape()));
    }
    for (long from = 0; from < added; from += ProductSum.BLOCK) {
      long to = Math.min(added, from + ProductSum.BLOCK);
      try (NDArray inputs = Gram.block(x, from, to, products);
          NDArray targets = Gram.block(t, from, to, products);
          NDArray sum = targets.sum(new int[] {0}, true);
          NDArray exact = sum.toType(DataType.FLOAT64, true)) {
        cross.add(inputs, targets);
        sums.addi(exact);
        gram.addRows(targets);
      }
    }
    hold(t);
  }

  private void hold(NDArray t) {
    if (!held.hold(t)) {
      held.release().forEach(NDArray::close);
    }
  }

  /** Adds the rows of other moments of the same shapes. */
  public void add(TargetMoments other) {
    cross.add(other.cross);
    sums.addi(other.sums);
    gram.add(other.gram);
    if (other.held.complete()) {
      other.held.blocks().forEach(this::hold);
    } else {
      held.release().forEach(NDArray::close);
    }
  }

  /** The number of rows so far. */
  public long rows() {
    return gram.rows();
  }

  /** C (p+1 x m), float64, in the given scope; the last row is that of the ones. */
  public NDArray cross(NDManager target) {
    NDArray c = cross.total().concat(sums, 0);
    c.attach(target);
    return c;
  }

  /** T (rows x m), float64, in the given scope, where there are no more rows than columns of X. */
  public Optional<NDArray> heldRows(NDManager target) {
    return held.all(target);
  }

  /** G (m x m). */
  public Gram gram() {
    return gram;
  }

  @Override
  public void close() {
    scope.close();
  }
}

package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The moments {@code C = X'T} of a fit's targets, X with a column of ones behind it, and the
 * targets' squared lengths, the diagonal of {@code T'T}. As long as there are no more rows than
 * columns of X, the targets themselves are held beside them.
 */
public final class TargetMoments implements Summed, AutoCloseable {
  private final int columns;
  private final int targets;
  private final DataType products;
  private final NDManager scope;
  private final ProductSum cross; // (p x m)
  private final NDArray sums; // (1 x m), float64
  private final NDArray lengths; // (1 x m), float64
  private final HeldRows held;
  private long rows;

  /**
   * Moments of no rows.
   *
   * @param columns of X without the ones, p
   * @param targets the columns of T, m
   */
  public TargetMoments(int columns, int targets, MomentSettings settings, NDManager parent) {
    this.columns = columns;
    this.targets = targets;
    this.products = settings.products();
    this.scope = parent.newSubManager();
    this.cross = new ProductSum(new Shape(columns, targets), products, scope);
    this.sums = scope.zeros(new Shape(1, targets), DataType.FLOAT64);
    this.lengths = scope.zeros(new Shape(1, targets), DataType.FLOAT64);
    this.held = new HeldRows(settings.holdRows() ? columns : 0, products, scope);
  }

  /**
   * Adds rows.
   *
   * @param x (rows x p)
   * @param t (rows x m)
   */
  public void addRows(NDArray x, NDArray t) {
    addToSums(x, t, Optional.empty());
    rows += x.getShape().get(0);
    hold(t);
  }

  /**
   * Adds rows as if each were there as often as its weight says, which need not be whole. None is
   * held then.
   *
   * @param x (rows x p)
   * @param t (rows x m)
   * @param weights 0 or more (rows x 1)
   */
  public void addRows(NDArray x, NDArray t, NDArray weights) {
    held.release().forEach(NDArray::close);
    long added = x.getShape().get(0);
    try (NDArray root = weights.sqrt(); // before it is rounded: near 0 that could double it
        NDArray scale = Gram.block(root, 0, added, products);
        NDArray inputs = Gram.block(x, 0, added, products);
        NDArray wanted = Gram.block(t, 0, added, products);
        NDArray scaledInputs = inputs.mul(scale);
        NDArray scaled = wanted.mul(scale)) {
      addToSums(scaledInputs, scaled, Optional.of(scale));
    }
    rows += added;
  }

  /**
   * @param ones the last column of X (rows x 1), where it is not ones
   */
  private void addToSums(NDArray x, NDArray t, Optional<NDArray> ones) {
    long added = x.getShape().get(0);
    if (!x.getShape().equals(new Shape(added, columns))
        || !t.getShape().equals(new Shape(added, targets))) {
      throw new IllegalArgumentException(
          "expected rows of %d inputs and %d targets, found %s and %s"
              .formatted(columns, targets, x.getShape(), t.getShape()));
    }
    for (long from = 0; from < added; from += ProductSum.BLOCK) {
      long to = Math.min(added, from + ProductSum.BLOCK);
      try (NDArray inputs = Gram.block(x, from, to, products);
          NDArray block = Gram.block(t, from, to, products);
          NDArray squares = block.square()) {
        cross.add(inputs, block);
        if (ones.isPresent()) {
          try (NDArray some = ones.get().get(new NDIndex("{}:{}", from, to))) {
            addColumnSums(sums, block, Optional.of(some));
          }
        } else {
          addColumnSums(sums, block, Optional.empty());
        }
        addColumnSums(lengths, squares, Optional.empty());
      }
    }
  }

  /** Adds the sums of a block's columns, each row multiplied by its one where that is none. */
  static void addColumnSums(NDArray to, NDArray block, Optional<NDArray> ones) {
    if (ones.isPresent()) {
      try (NDArray multiplied = block.mul(ones.get())) {
        addColumnSums(to, multiplied, Optional.empty());
      }
      return;
    }
    try (NDArray sum = block.sum(new int[] {0}, true);
        NDArray exact = sum.toType(DataType.FLOAT64, true)) {
      to.addi(exact);
    }
  }

  private void hold(NDArray t) {
    if (!held.hold(t)) {
      held.release().forEach(NDArray::close);
    }
  }

  @Override
  public long numbers() {
    return numbers(columns, targets);
  }

  /** How many numbers moments of so many inputs and targets are on their way. */
  public static long numbers(long columns, long targets) {
    return 2 + (columns + 2) * targets;
  }

  @Override
  public void write(NumberSink sink) {
    sink.putCount(rows);
    cross.write(sink);
    sink.put(sums.toDoubleArray(), 0, targets);
    sink.put(lengths.toDoubleArray(), 0, targets);
  }

  @Override
  public void add(NumberSource source) {
    held.release().forEach(NDArray::close);
    rows += source.getCount();
    cross.add(source);
    for (NDArray to : List.of(sums, lengths)) {
      double[] added = new double[targets];
      source.get(added, 0, targets);
      ProductSum.add(to, added);
    }
  }

  /** The number of rows so far. */
  public long rows() {
    return rows;
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

  /** The squared length of each target (m). */
  public double[] lengths() {
    return lengths.toDoubleArray();
  }

  @Override
  public void close() {
    scope.close();
  }
}

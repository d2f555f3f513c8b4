package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * The moments {@code S = X'X} of a fit's inputs, X with a column of ones behind it.
 *
 * <p>As long as there are no more rows than columns, the rows themselves are held instead: they are
 * smaller than S, say the same, and a fit from them is cheaper. Held rows are what examples became
 * in a network: they never leave the place that the examples are at.
 */
public final class InputMoments implements Summed, AutoCloseable {
  private final int columns;
  private final DataType products;
  private final NDManager scope;
  private final Gram gram;
  private final NDArray sums; // (1 x p), float64
  private final HeldRows held;
  private long rows;

  /**
   * Moments of no rows.
   *
   * @param columns of X without the ones, p
   */
  InputMoments(int columns, MomentSettings settings, NDManager parent) {
    this.columns = columns;
    this.products = settings.products();
    this.scope = parent.newSubManager();
    this.held = new HeldRows(settings.holdRows() ? columns : 0, products, scope);
    this.gram = new Gram(columns, products, scope);
    this.sums = scope.zeros(new Shape(1, columns), DataType.FLOAT64);
  }

  /**
   * Adds rows.
   *
   * @param x (rows x p)
   */
  void addRows(NDArray x) {
    if (!held.hold(x)) {
      release();
      addToSums(x);
    }
    rows += x.getShape().get(0);
  }

  private void release() {
    for (NDArray x : held.release()) {
      addToSums(x);
      x.close();
    }
  }

  private void addToSums(NDArray x) {
    gram.addRows(x);
    try (NDArray typed = Gram.block(x, 0, x.getShape().get(0), products);
        NDArray sum = typed.sum(new int[] {0}, true);
        NDArray exact = sum.toType(DataType.FLOAT64, true)) {
      sums.addi(exact);
    }
  }

  @Override
  public long numbers() {
    return numbers(columns);
  }

  static long numbers(long columns) {
    return Gram.numbers(columns) + columns;
  }

  @Override
  public void write(NumberSink sink) {
    release();
    gram.write(sink);
    sink.put(sums.toDoubleArray(), 0, columns);
  }

  @Override
  public void add(NumberSource source) {
    release();
    gram.add(source);
    rows = gram.rows();
    double[] added = new double[columns];
    source.get(added, 0, columns);
    ProductSum.add(sums, added);
  }

  /** The number of rows so far. */
  public long rows() {
    return rows;
  }

  /** The columns of S: those of X, and the ones. */
  public int columns() {
    return columns + 1;
  }

  /**
   * X with the ones (rows x p+1), float64, in the given scope, where there are no more rows than
   * columns.
   */
  public Optional<NDArray> heldRows(NDManager target) {
    return held.all(target)
        .map(
            x -> {
              try (x;
                  NDArray ones = target.ones(new Shape(rows, 1), DataType.FLOAT64)) {
                return x.concat(ones, 1);
              }
            });
  }

  /** {@code X X'} (rows x rows) of the {@link #heldRows}, float64, in the given scope. */
  public NDArray products(NDManager target) {
    try (NDArray exact = held.all(target).orElseThrow();
        NDArray turned = exact.transpose();
        Gram products = new Gram((int) rows, DataType.FLOAT64, target)) {
      products.addRows(turned);
      return products.matrix(target).addi(1); // the ones
    }
  }

  /** S (p+1 x p+1), float64, in the given scope; the last row and column are those of the ones. */
  public NDArray matrix(NDManager target) {
    Optional<NDArray> x = heldRows(target);
    if (x.isPresent()) {
      try (NDArray own = x.get();
          NDArray transposed = own.transpose()) {
        return transposed.matMul(own);
      }
    }
    NDArray s = target.zeros(new Shape(columns + 1, columns + 1), DataType.FLOAT64);
    gram.copyTo(s);
    try (NDArray column = sums.reshape(columns)) {
      s.set(new NDIndex("{}, 0:{}", columns, columns), column);
      s.set(new NDIndex("0:{}, {}", columns, columns), column);
      s.set(new NDIndex("{}, {}", columns, columns), rows);
    }
    return s;
  }

  @Override
  public void close() {
    scope.close();
  }
}

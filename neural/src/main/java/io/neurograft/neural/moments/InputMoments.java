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
  private double mass; // of the ones, once rows are added up: the rows' weights
  private long rows;
  private double variance;

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
      addToSums(x, Optional.empty());
    }
    rows += x.getShape().get(0);
  }

  /** Adds weighted rows; none is held then. */
  void addRows(NDArray x, NDArray weights) {
    release();
    long added = x.getShape().get(0);
    try (NDArray root = weights.sqrt(); // before it is rounded: near 0 that could double it
        NDArray scale = Gram.block(root, 0, added, products);
        NDArray inputs = Gram.block(x, 0, added, products);
        NDArray scaled = inputs.mul(scale)) {
      addToSums(scaled, Optional.of(scale));
    }
    rows += added;
  }

  private void release() {
    for (NDArray x : held.release()) {
      addToSums(x, Optional.empty());
      x.close();
    }
  }

  /**
   * @param ones the last column of X (rows x 1), where it is not ones
   */
  private void addToSums(NDArray x, Optional<NDArray> ones) {
    gram.addRows(x);
    mass += ones.map(InputMoments::squared).orElse((double) x.getShape().get(0));
    try (NDArray typed = Gram.block(x, 0, x.getShape().get(0), products)) {
      TargetMoments.addColumnSums(sums, typed, ones);
    }
  }

  private static double squared(NDArray column) {
    try (NDArray exact = Gram.block(column, 0, column.getShape().get(0), DataType.FLOAT64);
        NDArray square = exact.square();
        NDArray sum = square.sum()) {
      return sum.getDouble();
    }
  }

  @Override
  public long numbers() {
    return numbers(columns);
  }

  static long numbers(long columns) {
    return Gram.numbers(columns) + columns + 1;
  }

  @Override
  public void write(NumberSink sink) {
    release();
    gram.write(sink);
    sink.put(sums.toDoubleArray(), 0, columns);
    sink.put(new double[] {mass}, 0, 1);
  }

  @Override
  public void add(NumberSource source) {
    release();
    gram.add(source);
    rows = gram.rows();
    double[] added = new double[columns];
    source.get(added, 0, columns);
    ProductSum.add(sums, added);
    source.get(added, 0, 1);
    mass += added[0];
  }

  /** The number of rows so far. */
  public long rows() {
    return rows;
  }

  /** The weights of all rows together: their number, where they have none of their own. */
  public double weight() {
    return mass > 0 ? mass : rows; // held rows have no weights
  }

  /** Says that every entry has Gaussian noise of a variance, beside what it had before. */
  public void noisy(double more) {
    variance += more;
  }

  /**
   * What added to the diagonal of S makes up for the noise in it: its spectral norm, nearly always
   * less than {@code 2 sqrt(p + 1)} standard deviations.
   */
  public double damping() {
    return 2 * Math.sqrt(variance * columns());
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
      s.set(new NDIndex("{}, {}", columns, columns), mass);
    }
    return s;
  }

  @Override
  public void close() {
    scope.close();
  }
}

package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The Gram matrix {@code Z'Z} (N x N) of rows that arrive in blocks: products of a block in the
 * data type asked for, sums over blocks in double precision. Grams of parts of the rows add up to
 * the Gram of all. (Design: fusion, section 4.)
 *
 * <p>Only the upper triangle is computed, in strips of some columns: the engine has no symmetric
 * product.
 */
public final class Gram implements Summed, AutoCloseable {
  private static final int STRIP = 256;

  private final int columns;
  private final DataType products;
  private final NDManager scope;
  private final List<ProductSum> strips = new ArrayList<>();
  private long rows;
  private double variance;

  /**
   * A Gram matrix of no rows.
   *
   * @param columns N
   * @param products the data type of a block's products: FLOAT32, or FLOAT64 where sums must agree
   *     to the last digits
   */
  public Gram(int columns, DataType products, NDManager parent) {
    this.columns = columns;
    this.products = products;
    this.scope = parent.newSubManager();
    for (int from = 0; from < columns; from += STRIP) {
      int height = Math.min(STRIP, columns - from);
      strips.add(new ProductSum(new Shape(height, columns - from), products, scope));
    }
  }

  /**
   * Adds rows.
   *
   * @param z (rows x N)
   */
  public void addRows(NDArray z) {
    long total = z.getShape().get(0);
    requireColumns(z.getShape().get(1));
    for (long from = 0; from < total; from += ProductSum.BLOCK) {
      long to = Math.min(total, from + ProductSum.BLOCK);
      try (NDArray block = block(z, from, to, products)) {
        addBlock(block);
      }
    }
    rows += total;
  }

  private void addBlock(NDArray z) {
    for (int strip = 0; strip < strips.size(); strip++) {
      int from = strip * STRIP;
      int to = Math.min(columns, from + STRIP);
      try (NDArray left = z.get(new NDIndex(":, {}:{}", from, to));
          NDArray right = z.get(new NDIndex(":, {}:", from))) {
        strips.get(strip).add(left, right);
      }
    }
  }

  /** Rows from..to-1 of an array in a data type; always a handle of its own. */
  static NDArray block(NDArray rows, long from, long to, DataType type) {
    NDArray part = rows.get(new NDIndex("{}:{}", from, to));
    if (part.getDataType() == type) {
      return part;
    }
    try (part) {
      return part.toType(type, false);
    }
  }

  private void requireColumns(long found) {
    if (found != columns) {
      throw new IllegalArgumentException("expected " + columns + " columns, found " + found);
    }
  }

  @Override
  public long numbers() {
    return numbers(columns);
  }

  /** How many numbers a Gram matrix of so many columns is on its way. */
  public static long numbers(long columns) {
    return 2 + columns * (columns + 1) / 2;
  }

  @Override
  public void write(NumberSink sink) {
    sink.putCount(rows);
    for (int strip = 0; strip < strips.size(); strip++) {
      double[] values = strips.get(strip).total().toDoubleArray();
      int width = columns - strip * STRIP;
      for (int i = 0; i < Math.min(STRIP, width); i++) {
        sink.put(values, i * width + i, width - i);
      }
    }
  }

  @Override
  public void add(NumberSource source) {
    rows += source.getCount();
    for (int strip = 0; strip < strips.size(); strip++) {
      NDArray total = strips.get(strip).total();
      int width = columns - strip * STRIP;
      double[] values = new double[Math.toIntExact(total.size())];
      for (int i = 0; i < Math.min(STRIP, width); i++) {
        source.get(values, i * width + i, width - i);
        for (int j = 0; j < i; j++) {
          values[i * width + j] = values[j * width + i];
        }
      }
      ProductSum.add(total, values);
    }
  }

  /** The number of rows so far. */
  public long rows() {
    return rows;
  }

  /** Says that every entry has Gaussian noise of a variance, beside what it had before. */
  public void noisy(double more) {
    variance += more;
  }

  /**
   * What added to the diagonal makes up for the noise in the matrix: its spectral norm, nearly
   * always less than {@code 2 sqrt(N)} standard deviations.
   */
  public double damping() {
    return 2 * Math.sqrt(variance * columns);
  }

  /** The number of columns, N. */
  public int columns() {
    return columns;
  }

  /** The whole matrix (N x N), float64, in the given scope. */
  public NDArray matrix(NDManager target) {
    NDArray full = target.zeros(new Shape(columns, columns), DataType.FLOAT64);
    copyTo(full);
    return full;
  }

  /** Writes the whole matrix into the upper left corner of another one, float64. */
  void copyTo(NDArray full) {
    for (int strip = 0; strip < strips.size(); strip++) {
      int from = strip * STRIP;
      int to = Math.min(columns, from + STRIP);
      NDArray values = strips.get(strip).total();
      full.set(new NDIndex("{}:{}, {}:{}", from, to, from, columns), values);
      if (to < columns) {
        try (NDArray right = values.get(new NDIndex(":, {}:", to - from));
            NDArray rightT = right.transpose()) {
          full.set(new NDIndex("{}:{}, {}:{}", to, columns, from, to), rightT);
        }
      }
    }
  }

  /** The diagonal: the squared length of each column. */
  public double[] diagonal() {
    double[] diagonal = new double[columns];
    for (int strip = 0; strip < strips.size(); strip++) {
      double[] values = strips.get(strip).total().toDoubleArray();
      int from = strip * STRIP;
      for (int i = from; i < Math.min(columns, from + STRIP); i++) {
        diagonal[i] = values[(i - from) * (columns - from) + i - from];
      }
    }
    return diagonal;
  }

  @Override
  public void close() {
    scope.close();
  }
}

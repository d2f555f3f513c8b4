package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.tensor.Operators;

/**
 * A sum of matrix products {@code A'B} over the rows of A and B: single precision products are
 * added up in single precision over some thousand rows, where their rounding is small, and from
 * there in double precision.
 */
final class ProductSum {
  /** Rows of one single precision sum: its rounding grows with them. */
  static final int BLOCK = 8192;

  private static final int STRIP = 256; // rows that are written at a time

  private final NDArray total; // float64
  private final NDArray part; // in the data type of the products
  private long partRows;

  ProductSum(Shape shape, DataType products, NDManager scope) {
    this.total = scope.zeros(shape, DataType.FLOAT64);
    this.part = products == DataType.FLOAT64 ? total : scope.zeros(shape, products);
  }

  /**
   * Adds {@code a'b}.
   *
   * @param a (rows x n), at most {@link #BLOCK} rows
   * @param b (rows x m)
   */
  void add(NDArray a, NDArray b) {
    long rows = a.getShape().get(0);
    if (partRows + rows > BLOCK) {
      settle();
    }
    try (NDArray transposed = a.transpose()) {
      Operators.addProduct(part, transposed, b);
    }
    partRows += rows;
  }

  /** Writes the sum, row by row. */
  void write(NumberSink sink) {
    long rows = total().getShape().get(0);
    for (long from = 0; from < rows; from += STRIP) {
      try (NDArray strip = total.get(strip(from, rows))) {
        double[] values = strip.toDoubleArray();
        sink.put(values, 0, values.length);
      }
    }
  }

  /** Adds a sum that was written. */
  void add(NumberSource source) {
    Shape shape = total().getShape();
    for (long from = 0; from < shape.get(0); from += STRIP) {
      try (NDArray strip = total.get(strip(from, shape.get(0)))) {
        double[] values = new double[Math.toIntExact(strip.size())];
        source.get(values, 0, values.length);
        add(strip, values);
      }
    }
  }

  private static NDIndex strip(long from, long rows) {
    return new NDIndex("{}:{}", from, Math.min(rows, from + STRIP));
  }

  /** Adds numbers to an array, row by row. */
  static void add(NDArray to, double[] values) {
    try (NDArray added = to.getManager().create(values, to.getShape())) {
      to.addi(added);
    }
  }

  /** The sum so far, float64; stays in this object's hands. */
  NDArray total() {
    settle();
    return total;
  }

  private void settle() {
    if (part != total && partRows > 0) {
      try (NDArray exact = part.toType(DataType.FLOAT64, false)) {
        total.addi(exact);
      }
      part.muli(0);
    }
    partRows = 0;
  }
}

package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.neurograft.neural.tensor.Operators;
import java.util.Optional;

/**
 * A symmetric matrix that is divided by: by its Cholesky factor; where it is not positive definite
 * to rounding, by its eigenvectors, leaving out directions without weight.
 */
final class Factor {
  private static final double EPSILON = Math.ulp(1.0);

  private final NDArray matrix;
  private final Optional<NDArray> lower;

  /**
   * @param matrix (p x p), float64
   */
  Factor(NDArray matrix) {
    this.matrix = matrix;
    NDList factor = Operators.cholesky(matrix);
    this.lower = factor.get(1).getInt() == 0 ? Optional.of(factor.get(0)) : Optional.empty();
  }

  /**
   * Divides.
   *
   * @param right (p x m), float64
   * @return (p x m), in the scope of {@code right}
   */
  NDArray divide(NDArray right) {
    if (lower.isPresent()) {
      return Operators.choleskySolve(right, lower.get());
    }
    NDList eigen = Operators.eigh(matrix);
    double[] values = eigen.get(0).toDoubleArray(); // ascending
    double floor = EPSILON * values.length * values[values.length - 1];
    double[] inverse = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      inverse[i] = values[i] > floor ? 1 / values[i] : 0;
    }
    NDArray v = eigen.get(1);
    try (NDArray scale = matrix.getManager().create(inverse);
        NDArray column = scale.reshape(values.length, 1);
        NDArray turned = v.transpose();
        NDArray parts = turned.matMul(right);
        NDArray scaled = parts.mul(column)) {
      NDArray quotient = v.matMul(scaled); // V diag(1/e) V'C
      quotient.attach(right.getManager());
      return quotient;
    }
  }

  /** A view of a square matrix' diagonal. */
  static NDArray diagonal(NDArray matrix) {
    long size = matrix.getShape().get(0);
    return Operators.strided(matrix, new long[] {size}, new long[] {size + 1});
  }
}

package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.tensor.Operators;

/**
 * The closed-form fit {@code W = (S + lambda I)^-1 C} with {@code lambda = ridge * mean(diag S)}
 * (section 4 of the design). NI's code takes an SVD pseudo-inverse of the rows themselves.
 */
final class LeastSquares {
  private static final double EPSILON = Math.ulp(1.0);

  private LeastSquares() {}

  /**
   * Solves by Cholesky; where the matrix is not positive definite to rounding, by its eigenvectors,
   * leaving out directions without weight.
   *
   * @param s S (p x p), float64; overwritten by {@code S + lambda I}
   * @param c C (p x n), float64
   * @return W (p x n), in the scope of {@code s}
   */
  static NDArray solve(NDArray s, NDArray c, double ridge) {
    NDManager scope = s.getManager();
    long size = s.getShape().get(0);
    double lambda = ridge * trace(s) / size;
    s.addi(scope.eye((int) size, (int) size, 0, DataType.FLOAT64).muli(lambda));
    NDList factor = Operators.cholesky(s);
    if (factor.get(1).getInt() == 0) {
      try (NDArray right = c.duplicate()) {
        NDArray w = Operators.choleskySolve(right, factor.get(0));
        w.attach(scope);
        return w;
      }
    }
    return byEigenvectors(s, c);
  }

  private static double trace(NDArray s) {
    int size = (int) s.getShape().get(0);
    try (NDArray eye = s.getManager().eye(size, size, 0, DataType.FLOAT64);
        NDArray diagonal = eye.mul(s);
        NDArray sum = diagonal.sum()) {
      return sum.getDouble();
    }
  }

  private static NDArray byEigenvectors(NDArray s, NDArray c) {
    NDList eigen = Operators.eigh(s);
    double[] values = eigen.get(0).toDoubleArray(); // ascending
    double floor = EPSILON * values.length * values[values.length - 1];
    double[] inverse = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      inverse[i] = values[i] > floor ? 1 / values[i] : 0;
    }
    NDArray v = eigen.get(1);
    NDArray scale = s.getManager().create(inverse).reshape(values.length, 1);
    return v.matMul(v.transpose().matMul(c).mul(scale)); // V diag(1/e) V'C
  }

  /**
   * The squared error of each target over all rows: {@code diag(G) - 2 w'c + w'S w}.
   *
   * @param s S (p x p), without lambda
   * @param targets diag(G) (n)
   */
  static double[] errors(NDArray s, NDArray c, NDArray w, double[] targets) {
    try (NDArray sw = s.matMul(w);
        NDArray rest = c.mul(2).sub(sw);
        NDArray product = rest.mul(w);
        NDArray explained = product.sum(new int[] {0})) {
      double[] errors = explained.toDoubleArray();
      for (int k = 0; k < errors.length; k++) {
        errors[k] = Math.max(0, targets[k] - errors[k]);
      }
      return errors;
    }
  }
}

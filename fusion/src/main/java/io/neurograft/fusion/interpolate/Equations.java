package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.moments.InputMoments;
import io.neurograft.neural.moments.TargetMoments;

/**
 * The equations of a closed-form fit, {@code (S + lambda I) W = C} with {@code lambda = ridge *
 * mean(diag S)}, more where S has noise (section 4 of the design), factored once for any number of
 * targets. NI's code takes an SVD pseudo-inverse of the rows themselves.
 */
sealed interface Equations permits NormalEquations, RowEquations {
  /**
   * The equations of some inputs: from their rows where these are few, from S otherwise.
   *
   * @param ridge 0 or more
   * @param scope for everything that is kept and returned
   */
  static Equations of(InputMoments inputs, double ridge, NDManager scope) {
    return inputs
        .heldRows(scope)
        .<Equations>map(rows -> new RowEquations(rows, inputs.products(scope), ridge))
        .orElseGet(() -> new NormalEquations(inputs.matrix(scope), ridge, inputs.damping()));
  }

  /** The solution W (p+1 x m) for some targets, float64. */
  NDArray solve(TargetMoments targets);

  /**
   * The squared error of each target over all rows (m), float64.
   *
   * @param w any weights (p+1 x m)
   */
  NDArray errors(TargetMoments targets, NDArray w);

  /**
   * The moments of what a part of the map gives.
   *
   * @param from the first column of X that it reads
   * @param w its weights (columns x n)
   */
  Outputs outputs(long from, NDArray w);

  /**
   * Moments of outputs {@code y = x w} over all rows.
   *
   * @param sums of y (n)
   * @param products y'y (n x n)
   */
  record Outputs(NDArray sums, NDArray products) {}
}

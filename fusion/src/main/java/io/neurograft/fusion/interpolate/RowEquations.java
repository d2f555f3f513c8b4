package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.neurograft.neural.moments.TargetMoments;

/**
 * The equations from the rows themselves, where these are fewer than the unknowns: {@code W = X' (X
 * X' + lambda I)^-1 T}, the same solution by fewer operations.
 */
final class RowEquations implements Equations {
  private final NDManager scope;
  private final NDArray x; // (rows x p+1)
  private final NDArray turned; // (p+1 x rows)
  private final Factor factor;

  /**
   * @param x the rows, the ones behind them (rows x p+1), float64
   */
  RowEquations(NDArray x, double ridge) {
    this.scope = x.getManager();
    this.x = x;
    this.turned = x.transpose();
    NDArray products = x.matMul(turned);
    try (NDArray diagonal = Factor.diagonal(products);
        NDArray trace = diagonal.sum()) {
      diagonal.addi(ridge * trace.getDouble() / x.getShape().get(1));
    }
    this.factor = new Factor(products);
  }

  @Override
  public NDArray solve(TargetMoments targets) {
    try (NDArray t = rows(targets);
        NDArray quotient = factor.divide(t)) {
      return turned.matMul(quotient);
    }
  }

  @Override
  public double[] errors(TargetMoments targets, NDArray w) {
    try (NDArray t = rows(targets);
        NDArray y = x.matMul(w);
        NDArray gap = t.subi(y);
        NDArray square = gap.square();
        NDArray errors = square.sum(new int[] {0})) {
      return errors.toDoubleArray();
    }
  }

  private NDArray rows(TargetMoments targets) {
    return targets
        .heldRows(scope)
        .orElseThrow(() -> new IllegalStateException("the rows of the targets are not there"));
  }

  @Override
  public Outputs outputs(long from, NDArray w) {
    NDArray part = x.get(new NDIndex(":, {}:{}", from, from + w.getShape().get(0)));
    NDArray y = part.matMul(w);
    return new Outputs(y.sum(new int[] {0}), y.transpose().matMul(y));
  }
}

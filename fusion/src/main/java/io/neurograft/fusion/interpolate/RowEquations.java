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
   * @param products X X' (rows x rows), float64; lambda is added to its diagonal
   */
  RowEquations(NDArray x, NDArray products, double ridge) {
    this.scope = x.getManager();
    this.x = x;
    this.turned = x.transpose();
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
  public NDArray errors(TargetMoments targets, NDArray w) {
    return rows(targets).sub(x.matMul(w)).square().sum(new int[] {0});
  }

  private NDArray rows(TargetMoments targets) {
    return targets
        .heldRows(scope)
        .orElseThrow(() -> new IllegalStateException("the targets' rows are not there"));
  }

  @Override
  public Outputs outputs(long from, NDArray w) {
    NDArray part = x.get(new NDIndex(":, {}:{}", from, from + w.getShape().get(0)));
    NDArray y = part.matMul(w);
    return new Outputs(y.sum(new int[] {0}), y.transpose().matMul(y));
  }
}

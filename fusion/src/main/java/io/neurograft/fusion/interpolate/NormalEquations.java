package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.neurograft.neural.moments.TargetMoments;

/** The equations as they stand: p+1 unknowns, however many rows. */
final class NormalEquations implements Equations {
  private final NDManager scope;
  private final NDArray s; // S + lambda I (p+1 x p+1)
  private final double lambda;
  private final Factor factor;

  /**
   * @param s S (p+1 x p+1), float64; lambda is added to its diagonal
   * @param damping a part of lambda that does not depend on S
   */
  NormalEquations(NDArray s, double ridge, double damping) {
    this.scope = s.getManager();
    this.s = s;
    try (NDArray diagonal = Factor.diagonal(s);
        NDArray mean = diagonal.mean()) {
      this.lambda = ridge * mean.getDouble() + damping;
      diagonal.addi(lambda);
    }
    this.factor = new Factor(s);
  }

  @Override
  public NDArray solve(TargetMoments targets) {
    try (NDArray c = targets.cross(scope)) {
      return factor.divide(c);
    }
  }

  /** {@code t't - w'(2 c - S w)}. */
  @Override
  public NDArray errors(TargetMoments targets, NDArray w) {
    NDArray sw = s.matMul(w).subi(w.mul(lambda));
    NDArray rest = targets.cross(scope).mul(2).sub(sw);
    NDArray lengths = scope.create(targets.lengths());
    return lengths.sub(rest.mul(w).sum(new int[] {0})).maximum(0);
  }

  @Override
  public Outputs outputs(long from, NDArray w) {
    long to = from + w.getShape().get(0);
    long last = s.getShape().get(0) - 1;
    NDArray square = s.get(new NDIndex("{}:{}, {}:{}", from, to, from, to));
    // The last row of S has the sums of the inputs, and the ridge where it is on the diagonal.
    NDArray sums = s.get(new NDIndex("{}:{}, {}:{}", last, last + 1, from, to)).matMul(w);
    NDArray sw = square.matMul(w).subi(w.mul(lambda));
    if (to > last) {
      sums = sums.sub(w.get(new NDIndex("{}:", w.getShape().get(0) - 1)).mul(lambda));
    }
    return new Outputs(sums.reshape(-1), w.transpose().matMul(sw));
  }
}

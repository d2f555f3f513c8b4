package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import java.util.ArrayList;
import java.util.List;

/** Conductance: integrated gradients, seen at the units of a level (design: fusion, section 3). */
final class Conductance {
  private Conductance() {}

  /**
   * The conductance of each level's outputs for a batch: the gradient of the logit along the
   * straight path from the zero baseline, times the change of the output along it, by the
   * trapezoidal rule over Gauss-Legendre nodes and both ends.
   *
   * @return for each level an array of the shape of its output
   */
  static List<NDArray> of(Network network, Batch batch, int steps) {
    NDManager scope = batch.scope();
    NDArray target = batch.labels().oneHot(network.spec().classes(), DataType.FLOAT32);
    List<NDArray> sums = new ArrayList<>();
    NDManager beforeScope = scope.newSubManager();
    LevelGradients before = at(0, network, batch.x(), target, beforeScope);
    for (NDArray output : before.outputs()) {
      sums.add(scope.zeros(output.getShape()));
    }
    double[] nodes = GaussLegendre.nodes(steps);
    for (int i = 0; i <= steps; i++) {
      NDManager stepScope = scope.newSubManager();
      double point = i < steps ? nodes[i] : 1;
      LevelGradients now = at(point, network, batch.x(), target, stepScope);
      for (int level = 0; level < sums.size(); level++) {
        NDArray change = now.outputs().get(level).sub(before.outputs().get(level));
        NDArray slope = now.gradients().get(level).add(before.gradients().get(level)).mul(0.5);
        sums.get(level).addi(change.mul(slope));
      }
      beforeScope.close();
      beforeScope = stepScope;
      before = now;
    }
    beforeScope.close();
    return sums;
  }

  /** The network at a point of the path: 0 is the baseline, 1 the example. */
  private static LevelGradients at(
      double point, Network network, NDArray x, NDArray target, NDManager scope) {
    NDArray scaled = x.mul(point);
    scaled.attach(scope);
    return LevelGradients.of(network, scaled, target, Pass.EVALUATION, scope);
  }
}

package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Scores the units of a network: {@code s_j = (1/N) sum over examples and positions of
 * |attribution_j| + 1e-8}, with respect to the logit of the example's own class (design: fusion,
 * section 3).
 */
public final class Attribution {
  private static final int BATCH = 100;
  private static final double LEAST = 1e-8;

  private Attribution() {}

  /**
   * Scores all levels.
   *
   * @param indices the examples to use; at least one
   * @param steps nodes along the path, for methods that integrate
   */
  public static Scores score(
      Network network,
      Dataset data,
      int[] indices,
      ScoreMethod method,
      int steps,
      Progress progress) {
    return switch (method) {
      case UNIFORM -> Scores.uniform(network.spec());
      case CONDUCTANCE -> conductance(network, data, indices, steps, progress);
    };
  }

  private static Scores conductance(
      Network network, Dataset data, int[] indices, int steps, Progress progress) {
    NetworkSpec spec = network.spec();
    List<double[]> sums = new ArrayList<>();
    for (int level = 0; level < spec.levelCount(); level++) {
      sums.add(new double[spec.units(level)]);
    }
    Batches.forEach(
        data,
        spec.input(),
        indices,
        BATCH,
        network.weights().scope(),
        batch -> {
          List<NDArray> attributions = conductance(network, batch, steps);
          for (int level = 0; level < attributions.size(); level++) {
            addUnits(attributions.get(level), sums.get(level));
          }
          progress.report((double) (batch.first() + batch.size()) / indices.length, "scoring");
        });
    return new Scores(sums.stream().map(level -> scores(level, indices.length)).toList());
  }

  /**
   * The conductance of each level's outputs for a batch: the gradient of the logit along the
   * straight path from the zero baseline, times the change of the output along it, by the
   * trapezoidal rule over Gauss-Legendre nodes and both ends.
   *
   * @return for each level an array of the shape of its output
   */
  static List<NDArray> conductance(Network network, Batch batch, int steps) {
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
    return LevelGradients.of(network, scaled, target, scope);
  }

  /** Adds up what belongs to one unit: examples and positions. */
  private static void addUnits(NDArray attribution, double[] sums) {
    long[] shape = attribution.getShape().getShape();
    NDArray units =
        attribution
            .abs()
            .reshape(shape[0], shape[1], -1)
            .sum(new int[] {0, 2})
            .toType(DataType.FLOAT64, false);
    double[] values = units.toDoubleArray();
    for (int unit = 0; unit < sums.length; unit++) {
      sums[unit] += values[unit];
    }
  }

  private static List<Float> scores(double[] sums, int examples) {
    List<Float> scores = new ArrayList<>();
    for (double sum : sums) {
      scores.add((float) (sum / examples + LEAST));
    }
    return scores;
  }
}

package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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
      case CONDUCTANCE ->
          average(network, data, indices, batch -> Conductance.of(network, batch, steps), progress);
      case DEEPLIFT ->
          average(network, data, indices, batch -> DeepLift.of(network, batch), progress);
    };
  }

  private static Scores average(
      Network network,
      Dataset data,
      int[] indices,
      Function<Batch, List<NDArray>> method,
      Progress progress) {
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
          List<NDArray> attributions = method.apply(batch);
          for (int level = 0; level < attributions.size(); level++) {
            addUnits(attributions.get(level), sums.get(level));
          }
          progress.report((double) (batch.first() + batch.size()) / indices.length, "scoring");
        });
    return new Scores(sums.stream().map(level -> scores(level, indices.length)).toList());
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

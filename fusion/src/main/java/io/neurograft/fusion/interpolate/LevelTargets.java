package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.Deviations;
import io.neurograft.neural.collection.UnitRows;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.network.Network;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a level of the fused network should give: the grouped outputs of the members' levels, {@code
 * T = Z A}, or the labels where the last level is fitted to these. A row is one example of a dense
 * level, one position of a convolution, one token, or one coordinate of a unit that has several.
 */
final class LevelTargets {
  private final List<Network> members;
  private final FitStep step;
  private final Clusters clusters;
  private final double[] importance;
  private final boolean labels;

  /**
   * @param step the last step of the level
   * @param clusters A, over the members' units at the level's end
   * @param importance of each of the members' units (N)
   * @param labels whether the targets are the one-hot labels
   */
  LevelTargets(
      List<Network> members, FitStep step, Clusters clusters, double[] importance, boolean labels) {
    this.members = members;
    this.step = step;
    this.clusters = clusters;
    this.importance = importance;
    this.labels = labels;
  }

  boolean labels() {
    return labels;
  }

  /** The level. */
  int level() {
    return step.level();
  }

  /** The columns of the targets: the fused network's units. */
  int units() {
    return clusters.count();
  }

  /** How many rows each unit of an output has for one example's position. */
  int stride() {
    return step.stride();
  }

  /** A (N x n), in single precision. */
  NDArray matrix(NDManager scope) {
    return clusters.matrix(DataType.FLOAT32, scope);
  }

  /**
   * The members' units at the level's end, side by side: Z (rows x N).
   *
   * @param x a batch of examples; the result is in its scope
   */
  NDArray units(NDArray x) {
    NDList parts = new NDList();
    for (Network member : members) {
      parts.add(rows(member.forward(x, 0, level() + 1)));
    }
    return NDArrays.concat(parts, 1);
  }

  /** A level's output as rows of units (rows x n); gradients go through. */
  NDArray rows(NDArray output) {
    NDArray rows = UnitRows.of(output);
    return step.stride() == 1 ? rows : UnitRows.split(rows, step.stride());
  }

  /** The importance of each target, 1 on average: its share in the loss. */
  float[] shares() {
    double[] masses = clusters.masses(importance);
    double mean = Arrays.stream(masses).average().orElseThrow();
    float[] shares = new float[masses.length];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = (float) (masses[k] / mean);
    }
    return shares;
  }

  /** No distances yet of the members' units to their targets. */
  Deviations deviations() {
    return new Deviations(clusters);
  }

  /** The grouping error of such distances; labels group nothing. */
  double grouping(Deviations deviations) {
    return labels ? 0 : deviations.weighted(importance);
  }

  /** The squared distances to the targets, weighted by the importance of their units, in all. */
  double error(NDArray outputs, NDArray targets) {
    double[] masses = clusters.masses(importance);
    try (NDArray gap = outputs.sub(targets);
        NDArray square = gap.square();
        NDArray sum = square.sum(new int[] {0})) {
      float[] columns = sum.toFloatArray();
      return IntStream.range(0, columns.length)
          .mapToDouble(k -> (labels ? 1 : masses[k]) * columns[k])
          .sum();
    }
  }

  /**
   * How far outputs are from their targets: the mean squared distance, weighted by {@link #shares},
   * or the mean cross-entropy with labels. Where nothing but a rectifier reads the outputs, what it
   * hides does not count: there a target below 0 asks for no more than an output below 0.
   *
   * @param outputs (rows x n)
   * @param targets (rows x n)
   * @param shares (n)
   * @return a scalar
   */
  NDArray loss(NDArray outputs, NDArray targets, NDArray shares) {
    if (labels) {
      return outputs.logSoftmax(1).mul(targets).sum(new int[] {1}).mean().neg();
    }
    return gap(outputs, targets).square().mul(shares).mean();
  }

  private NDArray gap(NDArray outputs, NDArray targets) {
    if (!step.rectified()) {
      return outputs.sub(targets);
    }
    NDArray shown = targets.gt(0);
    return NDArrays.where(shown, outputs, outputs.maximum(0)).sub(targets.maximum(0));
  }
}

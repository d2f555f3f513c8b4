package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.tensor.Operators;
import java.util.stream.IntStream;

/**
 * How far the members' units are from the targets of their clusters: squared distances, summed over
 * rows. Taken from the rows themselves, since differences of second moments would not be 0 where a
 * unit is its own target.
 */
public final class Deviations {
  private final Clusters clusters;
  private final double[] sums;

  Deviations(Clusters clusters) {
    this.clusters = clusters;
    this.sums = new double[clusters.units()];
  }

  /**
   * Adds rows.
   *
   * @param z the units (rows x N)
   * @param t the targets (rows x n)
   */
  void addRows(NDArray z, NDArray t) {
    if (clusters.single()) {
      return; // every unit that has a target is that target
    }
    long[] cluster =
        IntStream.range(0, sums.length)
            .mapToLong(j -> Math.max(0, clusters.clusterOf(j)))
            .toArray();
    try (NDArray index = z.getManager().create(cluster);
        NDArray own = Operators.columns(t, index);
        NDArray typed = z.toType(t.getDataType(), true);
        NDArray gap = typed.sub(own);
        NDArray square = gap.square();
        NDArray sum = square.sum(new int[] {0});
        NDArray exact = sum.toType(DataType.FLOAT64, true)) {
      double[] added = exact.toDoubleArray();
      for (int j = 0; j < sums.length; j++) {
        sums[j] += clusters.clusterOf(j) == Clusters.NONE ? 0 : added[j];
      }
    }
  }

  /** Adds those of other rows. */
  void add(Deviations other) {
    for (int j = 0; j < sums.length; j++) {
      sums[j] += other.sums[j];
    }
  }

  /** The weighted sum over all units: the grouping error of NI's Theorem 1. */
  double weighted(double[] weights) {
    return IntStream.range(0, sums.length).mapToDouble(j -> weights[j] * sums[j]).sum();
  }
}

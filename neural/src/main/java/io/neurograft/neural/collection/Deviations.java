package io.neurograft.neural.collection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.moments.NumberSink;
import io.neurograft.neural.moments.NumberSource;
import io.neurograft.neural.moments.Summed;
import io.neurograft.neural.tensor.Operators;
import java.util.stream.IntStream;

/**
 * How far the members' units are from the targets of their clusters: squared distances, summed over
 * rows. Taken from the rows themselves, since differences of second moments would not be 0 where a
 * unit is its own target.
 */
public final class Deviations implements Summed {
  private final Clusters clusters;
  private final double[] sums;

  /** No rows yet. */
  public Deviations(Clusters clusters) {
    this.clusters = clusters;
    this.sums = new double[clusters.units()];
  }

  /**
   * Adds rows.
   *
   * @param z the units (rows x N)
   * @param t the targets (rows x n)
   */
  public void addRows(NDArray z, NDArray t) {
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

  @Override
  public long numbers() {
    return numbers(clusters);
  }

  /** How many numbers distances to such clusters are on their way. */
  static long numbers(Clusters clusters) {
    return clusters.single() ? 0 : clusters.units();
  }

  @Override
  public void write(NumberSink sink) {
    sink.put(sums, 0, (int) numbers());
  }

  @Override
  public void add(NumberSource source) {
    double[] added = new double[sums.length];
    source.get(added, 0, (int) numbers());
    for (int j = 0; j < sums.length; j++) {
      sums[j] += added[j];
    }
  }

  /** The weighted sum over all units: the grouping error of NI's Theorem 1. */
  public double weighted(double[] weights) {
    return IntStream.range(0, sums.length).mapToDouble(j -> weights[j] * sums[j]).sum();
  }
}

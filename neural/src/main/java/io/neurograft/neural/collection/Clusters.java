package io.neurograft.neural.collection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * The cluster matrix A (N x n) of a unit group in its sparse form: each of the members' N units
 * belongs to at most one of the n clusters with a share, and the shares of a cluster sum to 1. The
 * targets of the fused units are {@code T = Z A}.
 */
public final class Clusters {
  /** Marks a unit that belongs to no cluster. */
  public static final int NONE = -1;

  private final int[] cluster;
  private final double[] share;
  private final int count;

  private Clusters(int[] cluster, double[] share, int count) {
    this.cluster = cluster;
    this.share = share;
    this.count = count;
  }

  /**
   * Clusters whose shares are proportional to the units' weights.
   *
   * @param cluster the cluster of each unit, or {@link #NONE}
   * @param weights the weight of each unit, above 0
   * @param count the number of clusters n
   * @throws IllegalArgumentException if a cluster is empty
   */
  public static Clusters weighted(int[] cluster, double[] weights, int count) {
    double[] mass = new double[count];
    for (int unit = 0; unit < cluster.length; unit++) {
      if (cluster[unit] != NONE) {
        mass[cluster[unit]] += weights[unit];
      }
    }
    double[] share = new double[cluster.length];
    for (int unit = 0; unit < cluster.length; unit++) {
      share[unit] = cluster[unit] == NONE ? 0 : weights[unit] / mass[cluster[unit]];
    }
    if (Arrays.stream(mass).anyMatch(m -> !(m > 0))) {
      throw new IllegalArgumentException("a cluster without a unit of positive weight");
    }
    return new Clusters(cluster.clone(), share, count);
  }

  /**
   * Clusters as they were told by somebody else.
   *
   * @param cluster the cluster of each unit, or {@link #NONE}
   * @param share the share of each unit in its cluster, 0 to 1; those of a cluster sum to 1
   * @param count the number of clusters n
   * @throws IllegalArgumentException if they are no such clusters
   */
  public static Clusters of(int[] cluster, double[] share, int count) {
    double[] sums = new double[count];
    if (cluster.length != share.length) {
      throw new IllegalArgumentException("expected a share for each unit");
    }
    for (int unit = 0; unit < cluster.length; unit++) {
      if (cluster[unit] == NONE) {
        continue;
      }
      if (cluster[unit] < 0 || cluster[unit] >= count || !(share[unit] >= 0 && share[unit] <= 1)) {
        throw new IllegalArgumentException(
            "unit %d: expected a cluster below %d and a share from 0 to 1, found %d and %s"
                .formatted(unit, count, cluster[unit], share[unit]));
      }
      sums[cluster[unit]] += share[unit];
    }
    if (Arrays.stream(sums).anyMatch(sum -> Math.abs(sum - 1) > 1e-6)) {
      throw new IllegalArgumentException("the shares of a cluster do not sum to 1");
    }
    return new Clusters(cluster.clone(), share.clone(), count);
  }

  /** One cluster for each of the given units, in the given order; all other units have none. */
  public static Clusters singletons(int[] units, int size) {
    int[] cluster = new int[size];
    Arrays.fill(cluster, NONE);
    double[] share = new double[size];
    for (int i = 0; i < units.length; i++) {
      cluster[units[i]] = i;
      share[units[i]] = 1;
    }
    return new Clusters(cluster, share, units.length);
  }

  /** The number of the members' units, N. */
  public int units() {
    return cluster.length;
  }

  /** The number of clusters, n. */
  public int count() {
    return count;
  }

  /** The cluster of a unit, or {@link #NONE}. */
  public int clusterOf(int unit) {
    return cluster[unit];
  }

  /** The share of a unit in the target of its cluster, 0 to 1. */
  public double share(int unit) {
    return share[unit];
  }

  /** Whether no cluster has more than one unit. */
  public boolean single() {
    return Arrays.stream(cluster).filter(k -> k != NONE).distinct().count()
        == Arrays.stream(cluster).filter(k -> k != NONE).count();
  }

  /** The sum of the units' weights in each cluster, S_k. */
  public double[] masses(double[] weights) {
    double[] mass = new double[count];
    for (int unit = 0; unit < cluster.length; unit++) {
      if (cluster[unit] != NONE) {
        mass[cluster[unit]] += weights[unit];
      }
    }
    return mass;
  }

  /**
   * The rows from..to-1 of A as a dense matrix ((to - from) x n), row by row: one member's part.
   */
  public double[] rows(int from, int to) {
    double[] dense = new double[(to - from) * count];
    for (int unit = from; unit < to; unit++) {
      if (cluster[unit] != NONE) {
        dense[(unit - from) * count + cluster[unit]] = share[unit];
      }
    }
    return dense;
  }

  /** A (N x n) in a data type, in the given scope. */
  public NDArray matrix(DataType type, NDManager scope) {
    try (NDArray exact = scope.create(rows(0, units()), new Shape(units(), count))) {
      // Not toType alone: of the same type it would share the memory that is freed here.
      return exact.getDataType() == type ? exact.duplicate() : exact.toType(type, false);
    }
  }
}

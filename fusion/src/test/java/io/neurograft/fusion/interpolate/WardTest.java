package io.neurograft.fusion.interpolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.neurograft.neural.collection.Clusters;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class WardTest {

  /** Against the definition: all pairs are tried on the units themselves at every merge. */
  @Property(tries = 60)
  void clusters_randomUnits_areThoseOfTheCheapestMerges(
      @ForAll @IntRange(min = 1, max = 20) int size,
      @ForAll @IntRange(min = 1, max = 20) int wanted,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    int count = Math.min(size, wanted);
    double[][] z = Matrices.normal(8, size, seed);
    double[] weights = Matrices.weights(size, seed + 1);

    int[] found = Ward.clusters(Matrices.gram(z), weights, count);

    assertThat(found).isEqualTo(byDefinition(z, weights, count));
  }

  @Test
  void clusters_equalUnits_areAsManyAsAskedFor() {
    double[] gram = new double[49];
    Arrays.fill(gram, 2);

    int[] found = Ward.clusters(gram, new double[] {1, 2, 1, 1, 3, 1, 1}, 4);

    assertThat(Arrays.stream(found).distinct().count()).isEqualTo(4);
    assertThat(Arrays.stream(found).max()).hasValue(3);
  }

  /** The start of K-means: what it costs never grows from there. */
  @Property(tries = 30)
  void clusters_asStartOfKMeans_costNoLessThanWhereItSettles(
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    double[][] z = Matrices.normal(6, 30, seed);
    double[] weights = Matrices.weights(30, seed + 1);
    double[] gram = Matrices.gram(z);

    double start = cost(z, weights, Ward.clusters(gram, weights, 10), 10);

    double settled = KMeans.of(gram, weights, 10).error();
    assertThat(settled).isLessThanOrEqualTo(start + 1e-9);
    int[] own = new int[30];
    Clusters clusters = KMeans.of(gram, weights, 10).clusters();
    Arrays.setAll(own, clusters::clusterOf);
    assertThat(settled).isCloseTo(cost(z, weights, own, 10), within(1e-8));
  }

  private static int[] byDefinition(double[][] z, double[] weights, int count) {
    int[] cluster = new int[weights.length];
    Arrays.setAll(cluster, j -> j);
    for (int left = weights.length; left > count; left--) {
      int[] best = cluster;
      double least = Double.POSITIVE_INFINITY;
      for (int a = 0; a < weights.length; a++) {
        for (int b = a + 1; b < weights.length; b++) {
          if (cluster[a] != cluster[b]) {
            int[] merged = merged(cluster, cluster[a], cluster[b]);
            double cost = cost(z, weights, merged, weights.length);
            if (cost < least) {
              least = cost;
              best = merged;
            }
          }
        }
      }
      cluster = best;
    }
    return named(cluster);
  }

  private static int[] merged(int[] cluster, int into, int from) {
    return Arrays.stream(cluster).map(k -> k == from ? into : k).toArray();
  }

  /** Numbered by their first unit. */
  private static int[] named(int[] cluster) {
    int[] order = Arrays.stream(cluster).distinct().toArray();
    return Arrays.stream(cluster)
        .map(k -> (int) Arrays.stream(order).takeWhile(other -> other != k).count())
        .toArray();
  }

  /** The weighted squared distance of the units to the centroids of their clusters. */
  private static double cost(double[][] z, double[] weights, int[] cluster, int count) {
    double cost = 0;
    for (double[] row : z) {
      double[] sum = new double[count];
      double[] mass = new double[count];
      for (int j = 0; j < weights.length; j++) {
        sum[cluster[j]] += weights[j] * row[j];
        mass[cluster[j]] += weights[j];
      }
      for (int j = 0; j < weights.length; j++) {
        double gap = row[j] - sum[cluster[j]] / mass[cluster[j]];
        cost += weights[j] * gap * gap;
      }
    }
    return cost;
  }
}

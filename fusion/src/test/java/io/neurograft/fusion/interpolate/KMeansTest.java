package io.neurograft.fusion.interpolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.neurograft.neural.collection.Clusters;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class KMeansTest {

  @Property(tries = 60)
  void of_randomUnits_settlesWhereEveryUnitIsWithItsNearestCentroid(
      @ForAll @IntRange(min = 1, max = 25) int size,
      @ForAll @IntRange(min = 1, max = 25) int wanted,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    int count = Math.min(size, wanted);
    double[][] z = Matrices.normal(8, size, seed);
    double[] weights = Matrices.weights(size, seed + 1);

    Grouping.Grouped grouped = Grouping.KMEANS.group(Matrices.gram(z), weights, count);

    Clusters clusters = grouped.clusters();
    double[][] centroids = centroids(z, clusters);
    double cost = 0;
    for (int j = 0; j < size; j++) {
      double own = squared(Matrices.column(z, j), centroids[clusters.clusterOf(j)]);
      cost += weights[j] * own;
      for (double[] other : centroids) {
        assertThat(own).isLessThanOrEqualTo(squared(Matrices.column(z, j), other) + 1e-9);
      }
    }
    assertThat(grouped.error()).isCloseTo(cost, within(1e-8));
  }

  @Test
  void of_separatedClouds_findsThemWhateverTheOrder() {
    Random random = new Random(3);
    double[][] z = new double[20][30];
    for (int j = 0; j < 30; j++) {
      for (int i = 0; i < 20; i++) {
        z[i][j] = (i % 5 == j % 5 ? 10 : 0) + random.nextGaussian();
      }
    }

    Clusters clusters =
        Grouping.KMEANS.group(Matrices.gram(z), Matrices.weights(30, 1), 5).clusters();

    for (int j = 0; j < 30; j++) {
      assertThat(clusters.clusterOf(j)).isEqualTo(j % 5);
    }
  }

  @Test
  void of_duplicatedUnits_leavesNoClusterEmpty() {
    double[] gram = new double[36];
    java.util.Arrays.fill(gram, 2);

    Clusters clusters = Grouping.KMEANS.group(gram, new double[] {1, 1, 1, 1, 1, 1}, 4).clusters();

    assertThat(clusters.masses(new double[] {1, 1, 1, 1, 1, 1})).hasSize(4).doesNotContain(0.0);
  }

  @Test
  void of_equalUnits_repeats() {
    double[] gram = Matrices.gram(Matrices.normal(10, 40, 5));
    double[] weights = Matrices.weights(40, 6);

    double[] first = Grouping.KMEANS.group(gram, weights, 12).clusters().rows(0, 40);

    assertThat(Grouping.KMEANS.group(gram, weights, 12).clusters().rows(0, 40))
        .containsExactly(first);
  }

  @Test
  void group_moreUnitsThanMembersHave_isRefused() {
    assertThatThrownBy(() -> Grouping.KMEANS.group(new double[4], new double[] {1, 1}, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 2");
  }

  private static double[][] centroids(double[][] z, Clusters clusters) {
    double[][] centroids = new double[clusters.count()][z.length];
    for (int j = 0; j < clusters.units(); j++) {
      for (int i = 0; i < z.length; i++) {
        centroids[clusters.clusterOf(j)][i] += clusters.share(j) * z[i][j];
      }
    }
    return centroids;
  }

  private static double squared(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }
}

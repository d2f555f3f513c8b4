package io.neurograft.fusion.interpolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.neurograft.fusion.interpolate.Grouping.Grouped;
import io.neurograft.neural.collection.Clusters;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HungarianTest {
  private static final int ROWS = 30;

  /** The sum of the merges' costs is the weighted squared distance to the centroids. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void of_anyNumberOfMembers_theErrorIsTheDistanceToTheCentroids(int members) {
    int n = 6;
    double[][] z = Matrices.normal(ROWS, members * n, 1);
    double[] weights = Matrices.weights(members * n, 2);

    Grouped grouped = Hungarian.of(Matrices.gram(z), weights, n);

    double error = 0;
    Clusters clusters = grouped.clusters();
    for (double[] row : z) {
      double[] centroid = new double[n];
      for (int j = 0; j < weights.length; j++) {
        centroid[clusters.clusterOf(j)] += clusters.share(j) * row[j];
      }
      for (int j = 0; j < weights.length; j++) {
        double gap = row[j] - centroid[clusters.clusterOf(j)];
        error += weights[j] * gap * gap;
      }
    }
    assertThat(grouped.error()).isCloseTo(error, within(1e-9 * (1 + error)));
    for (int member = 0; member < members; member++) {
      int first = member * n;
      assertThat(IntStream.range(first, first + n).map(clusters::clusterOf).distinct().count())
          .isEqualTo(n);
    }
  }

  @Test
  void of_twoMembers_isTheBestOfAllPairings() {
    double[][] z = Matrices.normal(ROWS, 6, 3);
    double[] weights = Matrices.weights(6, 4);
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    double best = Double.POSITIVE_INFINITY;
    for (int[] order : orders) {
      double cost = 0;
      for (int i = 0; i < 3; i++) {
        int j = 3 + order[i];
        double s = weights[i] * weights[j] / (weights[i] + weights[j]);
        for (double[] row : z) {
          cost += s * (row[i] - row[j]) * (row[i] - row[j]);
        }
      }
      best = Math.min(best, cost);
    }
    assertThat(Hungarian.of(Matrices.gram(z), weights, 3).error())
        .isCloseTo(best, within(1e-9 * best));
  }

  @Test
  void of_aPermutedCopy_findsThePermutation() {
    double[][] z = Matrices.normal(ROWS, 8, 5);
    for (double[] row : z) {
      System.arraycopy(new double[] {row[2], row[0], row[3], row[1]}, 0, row, 4, 4);
    }
    Grouped grouped = Hungarian.of(Matrices.gram(z), Matrices.weights(8, 6), 4);
    assertThat(grouped.error()).isLessThan(1e-9);
    assertThat(IntStream.range(0, 8).map(grouped.clusters()::clusterOf))
        .containsExactly(0, 1, 2, 3, 2, 0, 3, 1);
  }

  @Test
  void of_membersOfOtherWidths_areRefused() {
    assertThatThrownBy(() -> Hungarian.of(new double[49], Matrices.weights(7, 1), 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected members of 3 units each, found 7");
  }
}

package io.neurograft.fusion.interpolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.neurograft.neural.collection.Clusters;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SelectionTest {

  /** Gram-Schmidt on the explicit columns is the reference: it never sees the Gram matrix. */
  @Property(tries = 40)
  void of_randomUnits_takesTheBestColumnAtEveryStep(
      @ForAll @IntRange(min = 2, max = 12) int size,
      @ForAll @IntRange(min = 1, max = 12) int wanted,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    int count = Math.min(size, wanted);
    double[][] h = Matrices.relu(Matrices.normal(60, size, seed));
    double[] weights = Matrices.weights(size, seed + 1);

    List<double[]> left = new ArrayList<>();
    for (int j = 0; j < size; j++) {
      left.add(Matrices.column(h, j));
    }
    List<Integer> expected = new ArrayList<>();
    for (int step = 0; step < count; step++) {
      int best = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int j = 0; j < size; j++) {
        if (!expected.contains(j)) {
          double error = error(without(left, j), weights);
          if (error < least) {
            least = error;
            best = j;
          }
        }
      }
      expected.add(best);
      left = without(left, best);
    }

    Grouping.Grouped grouped = Grouping.SELECT.group(Matrices.gram(h), weights, count);

    List<Integer> selected = new ArrayList<>();
    for (int j = 0; j < size; j++) {
      if (grouped.clusters().clusterOf(j) != Clusters.NONE) {
        selected.add(j);
        assertThat(grouped.clusters().share(j)).isEqualTo(1);
      }
    }
    assertThat(selected).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(grouped.error()).isCloseTo(error(left, weights), within(1e-8));
  }

  /** A list of five makes many passes over 60 columns, one of all columns a single one. */
  @Property(tries = 20)
  void of_shortlists_loseNextToNothing(@ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    double[] gram = Matrices.gram(Matrices.relu(Matrices.normal(90, 60, seed)));
    double[] weights = Matrices.weights(60, seed + 1);

    double exact = Selection.of(gram, weights, weights.length, 30, 60).error();

    assertThat(Selection.of(gram, weights, weights.length, 30, 5).error()).isLessThan(1.02 * exact);
    assertThat(Selection.of(gram, weights, weights.length, 30, 1).error()).isLessThan(1.02 * exact);
  }

  /** Small units that tell three classes apart, among large ones that do not. */
  @Test
  void labelled_unitsThatTellClassesApart_areKeptThoughTheyAreSmall() {
    int rows = 300;
    int units = 20;
    double[][] noise = Matrices.relu(Matrices.normal(rows, units, 3));
    double[][] h = new double[rows][units + 3];
    for (int row = 0; row < rows; row++) {
      int label = row % 3;
      for (int unit = 0; unit < units; unit++) {
        h[row][unit] = 10 * noise[row][unit] + 5;
      }
      h[row][4] = label == 0 ? 0.3 : 0.1;
      h[row][11] = label == 1 ? 0.3 : 0.1;
      h[row][units + label] = 1;
    }
    double[] weights = Matrices.weights(units, 4);
    double[] gram = Matrices.gram(h);

    Clusters seeing = Selection.labelled(gram, weights, 5).clusters();

    assertThat(seeing.units()).isEqualTo(units);
    assertThat(List.of(seeing.clusterOf(4), seeing.clusterOf(11))).doesNotContain(Clusters.NONE);
    double[] alone = new double[units * units];
    for (int i = 0; i < units; i++) {
      System.arraycopy(gram, i * (units + 3), alone, i * units, units);
    }
    Clusters blind = Selection.of(alone, weights, 5).clusters();
    assertThat(List.of(blind.clusterOf(4), blind.clusterOf(11))).containsOnly(Clusters.NONE);
  }

  @Test
  void of_duplicatedUnits_keepsOneOfEach() {
    double[][] z = Matrices.normal(50, 4, 7);
    double[][] doubled = new double[50][];
    for (int i = 0; i < 50; i++) {
      doubled[i] =
          new double[] {z[i][0], z[i][1], z[i][2], z[i][3], z[i][0], z[i][1], z[i][2], z[i][3]};
    }

    Clusters clusters =
        Grouping.SELECT.group(Matrices.gram(doubled), Matrices.weights(8, 1), 4).clusters();

    for (int j = 0; j < 4; j++) {
      boolean first = clusters.clusterOf(j) != Clusters.NONE;
      boolean second = clusters.clusterOf(j + 4) != Clusters.NONE;
      assertThat(first).isNotEqualTo(second);
    }
  }

  @Test
  void of_deadUnits_fillsUpWithThem() {
    double[] gram = new double[9];
    gram[4] = 3;

    Grouping.Grouped grouped = Grouping.SELECT.group(gram, new double[] {1, 1, 1}, 2);

    assertThat(grouped.clusters().clusterOf(1)).isNotEqualTo(Clusters.NONE);
    assertThat(grouped.clusters().count()).isEqualTo(2);
    assertThat(grouped.error()).isZero();
  }

  private static List<double[]> without(List<double[]> columns, int pivot) {
    double[] p = columns.get(pivot);
    double length = Matrices.dot(p, p);
    List<double[]> left = new ArrayList<>();
    for (double[] column : columns) {
      double along = length > 1e-9 ? Matrices.dot(column, p) / length : 0;
      double[] rest = new double[column.length];
      for (int i = 0; i < rest.length; i++) {
        rest[i] = column[i] - along * p[i];
      }
      left.add(rest);
    }
    return left;
  }

  private static double error(List<double[]> columns, double[] weights) {
    double error = 0;
    for (int j = 0; j < columns.size(); j++) {
      error += weights[j] * Matrices.dot(columns.get(j), columns.get(j));
    }
    return error;
  }
}

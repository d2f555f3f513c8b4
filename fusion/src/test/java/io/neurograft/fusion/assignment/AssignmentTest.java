package io.neurograft.fusion.assignment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class AssignmentTest {

  @Property(tries = 300)
  void solve_smallMatrix_costsWhatTheBestOfAllPermutationsCosts(
      @ForAll @IntRange(min = 1, max = 7) int n,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    double[] cost = new Random(seed).doubles((long) n * n, -1, 1).toArray();

    int[] columns = Assignment.solve(cost, n);

    assertPermutation(columns);
    assertThat(Assignment.cost(cost, n, columns)).isCloseTo(best(cost, n, 0, 0), within(1e-12));
  }

  @Property(tries = 300)
  void solve_manyTies_costsWhatTheBestOfAllPermutationsCosts(
      @ForAll @IntRange(min = 1, max = 7) int n,
      @ForAll @LongRange(min = 0, max = 1_000_000) long seed) {
    double[] cost = new Random(seed).ints((long) n * n, 0, 3).asDoubleStream().toArray();

    int[] columns = Assignment.solve(cost, n);

    assertPermutation(columns);
    assertThat(Assignment.cost(cost, n, columns)).isEqualTo(best(cost, n, 0, 0));
  }

  @Test
  void solve_textbookCase_findsIt() {
    double[] cost = {
      82, 83, 69, 92,
      77, 37, 49, 92,
      11, 69, 5, 86,
      8, 9, 98, 23
    };

    assertThat(Assignment.solve(cost, 4)).containsExactly(2, 1, 0, 3);
  }

  @Test
  void solve_nearestColumnIsEveryonesBest_letsTheOthersGo() {
    double[] cost = {0, 1, 0, 10};

    assertThat(Assignment.solve(cost, 2)).containsExactly(1, 0);
  }

  @Test
  void solve_equalCosts_pairsAllAndRepeats() {
    double[] cost = new double[64 * 64];
    Arrays.fill(cost, 3);

    int[] columns = Assignment.solve(cost, 64);

    assertPermutation(columns);
    assertThat(Assignment.solve(cost, 64)).containsExactly(columns);
  }

  @Test
  void solve_distancesOfShuffledPoints_findsTheShuffle() {
    int n = 512;
    Random random = new Random(4);
    double[] points = random.doubles(n).toArray();
    int[] shuffle = IntStream.range(0, n).map(i -> (i * 101 + 7) % n).toArray();
    double[] cost = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double difference = points[i] - points[shuffle[j]];
        cost[i * n + j] = difference * difference;
      }
    }

    int[] columns = Assignment.solve(cost, n);

    for (int i = 0; i < n; i++) {
      assertThat(shuffle[columns[i]]).isEqualTo(i);
    }
  }

  @Test
  void solve_randomMatrixOf512_isOptimalAndFast() {
    int n = 512;
    double[] cost = new Random(5).doubles((long) n * n).toArray();

    int[] columns =
        Assertions.assertTimeout(Duration.ofSeconds(5), () -> Assignment.solve(cost, n));

    assertPermutation(columns);
    // pi^2/6 is the limit for exponential and uniform costs (Aldous 2001)
    assertThat(Assignment.cost(cost, n, columns)).isBetween(1.4, 1.9);
    assertNoCheaperSwap(cost, n, columns);
  }

  @Test
  void solve_empty_isEmpty() {
    assertThat(Assignment.solve(new double[0], 0)).isEmpty();
  }

  @Test
  void solve_notANumber_isRefusedWithItsPlace() {
    assertThatThrownBy(() -> Assignment.solve(new double[] {0, 1, Double.NaN, 2}, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found NaN in row 1, column 0");
    assertThatThrownBy(() -> Assignment.solve(new double[] {Double.POSITIVE_INFINITY}, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void solve_notSquare_isRefused() {
    assertThatThrownBy(() -> Assignment.solve(new double[6], 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 2 x 2 costs, found 6");
  }

  private static void assertPermutation(int[] columns) {
    assertThat(Arrays.stream(columns).sorted().toArray())
        .containsExactly(IntStream.range(0, columns.length).toArray());
  }

  private static void assertNoCheaperSwap(double[] cost, int n, int[] columns) {
    for (int a = 0; a < n; a++) {
      for (int b = 0; b < a; b++) {
        double now = cost[a * n + columns[a]] + cost[b * n + columns[b]];
        double swapped = cost[a * n + columns[b]] + cost[b * n + columns[a]];
        assertThat(now).isLessThanOrEqualTo(swapped + 1e-9);
      }
    }
  }

  /** The least cost of the rows from {@code row} on, with the columns that are not yet taken. */
  private static double best(double[] cost, int n, int row, int taken) {
    if (row == n) {
      return 0;
    }
    double best = Double.POSITIVE_INFINITY;
    for (int column = 0; column < n; column++) {
      if ((taken & 1 << column) == 0) {
        best = Math.min(best, cost[row * n + column] + best(cost, n, row + 1, taken | 1 << column));
      }
    }
    return best;
  }
}

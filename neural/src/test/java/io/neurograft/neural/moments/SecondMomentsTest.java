package io.neurograft.neural.moments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.tensor.Compute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SecondMomentsTest {
  private static final int ROWS = 700;
  private static final int INPUTS = 600; // more than one strip
  private static final int TARGETS = 30;

  private NDManager scope;

  @BeforeEach
  void open() {
    Compute.start(1);
    scope = Compute.newManager();
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** Small integers have exact products and sums, so any order of adding gives the same bits. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void addRows_integersInBatches_equalsAtOnceBitForBit(DataType products) {
    NDArray x = integers(ROWS, INPUTS, 1);
    NDArray t = integers(ROWS, TARGETS, 2);

    SecondMoments whole = moments(products, x, t, ROWS);

    for (int batch : new int[] {1, 64, 699}) {
      assertThat(largestDifference(whole, moments(products, x, t, batch))).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"FLOAT64, 1e-12", "FLOAT32, 1e-5"})
  void addRows_realsInBatches_equalsAtOnceUpToRounding(DataType products, double tolerance) {
    NDArray x = reals(ROWS, INPUTS, 1);
    NDArray t = reals(ROWS, TARGETS, 2);

    SecondMoments whole = moments(products, x, t, ROWS);

    assertThat(largestDifference(whole, moments(products, x, t, 64)) / ROWS).isLessThan(tolerance);
    assertThat(largestDifference(whole, moments(products, x, t, 1)) / ROWS).isLessThan(tolerance);
  }

  @ParameterizedTest
  @CsvSource({"FLOAT64, 1e-12", "FLOAT32, 1e-5"})
  void add_whatSitesWrote_equalsTheWhole(DataType products, double tolerance) {
    NDArray x = reals(ROWS, INPUTS, 3);
    NDArray t = reals(ROWS, TARGETS, 4);
    SecondMoments whole = moments(products, x, t, ROWS);

    SecondMoments sum =
        new SecondMoments(INPUTS, TARGETS, new MomentSettings(products, true), scope);
    int[] borders = {0, 5, 300, 301, ROWS};
    for (int site = 0; site + 1 < borders.length; site++) {
      NDIndex shard = new NDIndex("{}:{}", borders[site], borders[site + 1]);
      SecondMoments part = moments(products, x.get(shard), t.get(shard), 128);
      Numbers numbers = new Numbers();
      part.write(numbers);
      assertThat(numbers.count()).isEqualTo(part.numbers());
      sum.add(numbers.source());
    }

    assertThat(sum.rows()).isEqualTo(ROWS);
    assertThat(largestDifference(whole, sum) / ROWS).isLessThan(tolerance);
  }

  @Test
  void inputs_severalStrips_areTheProductOfRowsWithOnes() {
    NDArray x = reals(ROWS, INPUTS, 5);
    NDArray t = reals(ROWS, TARGETS, 6);
    NDArray withOnes = x.concat(scope.ones(new Shape(ROWS, 1), DataType.FLOAT64), 1);

    SecondMoments moments = moments(DataType.FLOAT64, x, t, 100);

    assertThat(difference(moments.inputs().matrix(scope), withOnes.transpose().matMul(withOnes)))
        .isLessThan(1e-9);
    assertThat(difference(moments.targets().cross(scope), withOnes.transpose().matMul(t)))
        .isLessThan(1e-9);
    double[] squares = t.square().sum(new int[] {0}).toDoubleArray();
    assertThat(moments.targets().lengths()).containsExactly(squares, within(1e-9));
  }

  @Test
  void addRows_weighted_areLikeRowsThatComeSoOften() {
    NDArray x = reals(40, 5, 11);
    NDArray t = reals(40, 2, 12);
    double[] weights = new double[40];
    Arrays.setAll(weights, row -> row % 4);
    MomentSettings settings = new MomentSettings(DataType.FLOAT64, true);
    SecondMoments weighted = new SecondMoments(5, 2, settings, scope);
    weighted.addRows(x, t, scope.create(weights, new Shape(40, 1)));
    SecondMoments repeated = new SecondMoments(5, 2, settings, scope);
    for (int row = 0; row < 40; row++) {
      for (int time = 0; time < row % 4; time++) {
        NDIndex at = new NDIndex("{}:{}", row, row + 1);
        repeated.addRows(x.get(at), t.get(at));
      }
    }
    assertThat(weighted.rows()).isEqualTo(40);
    assertThat(weighted.inputs().weight()).isCloseTo(60, within(1e-12));
    assertThat(largestDifference(weighted, repeated)).isLessThan(1e-12);
  }

  /** 20 rows of 30 columns are held; so many more come that none is. */
  @Test
  void heldRows_fewOrMany_areThereOrInTheSums() {
    NDArray x = reals(45, 30, 7);
    NDArray t = reals(45, 2, 8);
    NDArray some = x.get("0:20");
    SecondMoments few = moments(DataType.FLOAT64, some, t.get("0:20"), 7);

    NDArray withOnes = some.concat(scope.ones(new Shape(20, 1), DataType.FLOAT64), 1);
    assertThat(difference(few.inputs().heldRows(scope).orElseThrow(), withOnes)).isZero();
    assertThat(difference(few.targets().heldRows(scope).orElseThrow(), t.get("0:20"))).isZero();
    assertThat(difference(few.inputs().products(scope), withOnes.matMul(withOnes.transpose())))
        .isLessThan(1e-12);

    few.addRows(x.get("20:45"), t.get("20:45"));

    assertThat(few.inputs().heldRows(scope)).isEmpty();
    assertThat(few.targets().heldRows(scope)).isEmpty();
    assertThat(few.rows()).isEqualTo(45);
    assertThat(largestDifference(few, moments(DataType.FLOAT64, x, t, 45))).isLessThan(1e-12);
  }

  @Test
  void addRows_otherNumberOfTargets_isRefused() {
    SecondMoments moments =
        new SecondMoments(2, 1, new MomentSettings(DataType.FLOAT32, true), scope);
    assertThatThrownBy(() -> moments.addRows(reals(3, 2, 1), reals(4, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> moments.addRows(reals(3, 5, 1), reals(3, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private SecondMoments moments(DataType products, NDArray x, NDArray t, int batch) {
    SecondMoments moments =
        new SecondMoments(
            (int) x.getShape().get(1),
            (int) t.getShape().get(1),
            new MomentSettings(products, true),
            scope);
    long rows = x.getShape().get(0);
    for (long from = 0; from < rows; from += batch) {
      NDIndex part = new NDIndex("{}:{}", from, Math.min(rows, from + batch));
      moments.addRows(x.get(part), t.get(part));
    }
    return moments;
  }

  private double largestDifference(SecondMoments a, SecondMoments b) {
    List<Double> differences = new ArrayList<>();
    differences.add(difference(a.inputs().matrix(scope), b.inputs().matrix(scope)));
    differences.add(difference(a.targets().cross(scope), b.targets().cross(scope)));
    double[] lengths = a.targets().lengths();
    for (int i = 0; i < lengths.length; i++) {
      differences.add(Math.abs(lengths[i] - b.targets().lengths()[i]));
    }
    return differences.stream().mapToDouble(d -> d).max().orElseThrow();
  }

  private static double difference(NDArray a, NDArray b) {
    return a.sub(b).abs().max().getDouble();
  }

  private NDArray integers(int rows, int columns, long seed) {
    Random random = new Random(seed);
    return scope.create(
        random.ints((long) rows * columns, -8, 9).asDoubleStream().toArray(),
        new Shape(rows, columns));
  }

  private NDArray reals(int rows, int columns, long seed) {
    Random random = new Random(seed);
    double[] values = new double[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian();
    }
    return scope.create(values, new Shape(rows, columns));
  }
}

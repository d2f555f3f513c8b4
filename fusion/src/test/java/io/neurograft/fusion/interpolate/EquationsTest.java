package io.neurograft.fusion.interpolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.moments.MomentSettings;
import io.neurograft.neural.moments.SecondMoments;
import io.neurograft.neural.tensor.Compute;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EquationsTest {
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

  /** Fewer rows than columns and more: by the rows themselves, and by S. */
  @ParameterizedTest
  @ValueSource(ints = {6, 50})
  void solve_ridge_meetsTheNormalEquations(int rows) {
    SecondMoments moments = moments(matrix(rows, 8, 1), matrix(rows, 3, 2));

    Equations equations = Equations.of(moments.inputs(), 0.1, scope);

    assertThat(equations).isInstanceOf(rows < 8 ? RowEquations.class : NormalEquations.class);
    NDArray w = equations.solve(moments.targets());
    NDArray s = moments.inputs().matrix(scope);
    double lambda = 0.1 * Factor.diagonal(s).mean().getDouble();
    NDArray left = s.matMul(w).add(w.mul(lambda));
    assertThat(difference(left, moments.targets().cross(scope))).isLessThan(1e-10);
  }

  @Test
  void solve_noRidge_residualsAreOrthogonalToTheInputs() {
    NDArray x = matrix(50, 8, 1);
    NDArray t = matrix(50, 3, 2);
    SecondMoments moments = moments(x, t);

    NDArray w = Equations.of(moments.inputs(), 0, scope).solve(moments.targets());

    NDArray residual = t.sub(withOnes(x).matMul(w));
    assertThat(withOnes(x).transpose().matMul(residual).abs().max().getDouble()).isLessThan(1e-10);
  }

  /** Twice the same column: infinitely many solutions; the shortest one predicts as well. */
  @ParameterizedTest
  @ValueSource(ints = {7, 50})
  void solve_singular_predictsAsWellAsTheFullRankFit(int rows) {
    NDArray x = matrix(rows, 4, 1);
    NDArray t = matrix(rows, 2, 2);
    SecondMoments full = moments(x, t);
    NDArray expected =
        withOnes(x).matMul(Equations.of(full.inputs(), 0, scope).solve(full.targets()));
    SecondMoments doubled = moments(x.concat(x, 1), t);

    NDArray w = Equations.of(doubled.inputs(), 0, scope).solve(doubled.targets());

    NDArray found = withOnes(x.concat(x, 1)).matMul(w);
    assertThat(difference(found, expected)).isLessThan(1e-6);
    assertThat(w.abs().max().getDouble()).isLessThan(10);
  }

  @ParameterizedTest
  @CsvSource({"6, 0.1", "50, 0.1", "6, 0", "50, 0"})
  void errors_ofASolution_areThoseOfTheRows(int rows, double ridge) {
    NDArray x = matrix(rows, 8, 1);
    NDArray t = matrix(rows, 3, 2);
    SecondMoments moments = moments(x, t);

    Equations equations = Equations.of(moments.inputs(), ridge, scope);
    NDArray w = equations.solve(moments.targets());

    NDArray gap = t.sub(withOnes(x).matMul(w));
    double[] expected = gap.square().sum(new int[] {0}).toDoubleArray();
    assertThat(equations.errors(moments.targets(), w).toDoubleArray())
        .containsExactly(expected, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({"6, 2, 3", "50, 2, 3", "6, 0, 9", "50, 0, 9"})
  void outputs_ofAPart_areThoseOfTheRows(int rows, int from, int columns) {
    NDArray x = matrix(rows, 8, 1);
    SecondMoments moments = moments(x, matrix(rows, 1, 2));
    NDArray w = matrix(columns, 4, 3);

    Equations.Outputs outputs = Equations.of(moments.inputs(), 0.1, scope).outputs(from, w);

    NDArray y = withOnes(x).get(":, {}:{}", from, from + columns).matMul(w);
    assertThat(difference(outputs.sums(), y.sum(new int[] {0}))).isLessThan(1e-10);
    assertThat(difference(outputs.products(), y.transpose().matMul(y))).isLessThan(1e-10);
  }

  private SecondMoments moments(NDArray x, NDArray t) {
    SecondMoments moments =
        new SecondMoments(
            (int) x.getShape().get(1),
            (int) t.getShape().get(1),
            new MomentSettings(DataType.FLOAT64, true),
            scope);
    moments.addRows(x, t);
    return moments;
  }

  private NDArray withOnes(NDArray x) {
    return x.concat(scope.ones(new Shape(x.getShape().get(0), 1), DataType.FLOAT64), 1);
  }

  private static double difference(NDArray a, NDArray b) {
    return a.sub(b).abs().max().getDouble();
  }

  private NDArray matrix(int rows, int columns, long seed) {
    double[] values =
        Arrays.stream(Matrices.normal(rows, columns, seed))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    return scope.create(values, new Shape(rows, columns));
  }
}

package io.neurograft.fusion.interpolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.tensor.Compute;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LeastSquaresTest {
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

  @Test
  void solve_noRidge_residualsAreOrthogonalToTheInputs() {
    NDArray x = matrix(50, 8, 1);
    NDArray t = matrix(50, 3, 2);

    NDArray w = LeastSquares.solve(x.transpose().matMul(x), x.transpose().matMul(t), 0);

    NDArray residual = t.sub(x.matMul(w));
    assertThat(x.transpose().matMul(residual).abs().max().getDouble()).isLessThan(1e-10);
  }

  @Test
  void solve_ridge_meetsItsNormalEquations() {
    NDArray x = matrix(50, 8, 1);
    NDArray c = matrix(8, 3, 2);
    NDArray s = x.transpose().matMul(x);
    double lambda = 0.1 * s.mul(scope.eye(8).toType(s.getDataType(), false)).sum().getDouble() / 8;

    NDArray w = LeastSquares.solve(s.duplicate(), c, 0.1);

    NDArray left = s.matMul(w).add(w.mul(lambda));
    assertThat(left.sub(c).abs().max().getDouble()).isLessThan(1e-10);
  }

  /** Twice the same column: infinitely many solutions; the shortest one predicts as well. */
  @Test
  void solve_singular_predictsAsWellAsTheFullRankFit() {
    NDArray x = matrix(50, 4, 1);
    NDArray doubled = x.concat(x, 1);
    NDArray t = matrix(50, 2, 2);
    NDArray expected =
        x.matMul(LeastSquares.solve(x.transpose().matMul(x), x.transpose().matMul(t), 0));

    NDArray w =
        LeastSquares.solve(doubled.transpose().matMul(doubled), doubled.transpose().matMul(t), 0);

    assertThat(doubled.matMul(w).sub(expected).abs().max().getDouble()).isLessThan(1e-6);
    assertThat(w.abs().max().getDouble()).isLessThan(10);
  }

  @Test
  void errors_anyWeights_areThoseOfTheRows() {
    NDArray x = matrix(50, 8, 1);
    NDArray t = matrix(50, 3, 2);
    NDArray w = matrix(8, 3, 3);
    double[] targets = t.square().sum(new int[] {0}).toDoubleArray();

    double[] errors =
        LeastSquares.errors(x.transpose().matMul(x), x.transpose().matMul(t), w, targets);

    double[] expected = t.sub(x.matMul(w)).square().sum(new int[] {0}).toDoubleArray();
    assertThat(errors).containsExactly(expected, within(1e-9));
  }

  private NDArray matrix(int rows, int columns, long seed) {
    double[] values =
        Arrays.stream(Matrices.normal(rows, columns, seed))
            .flatMapToDouble(Arrays::stream)
            .toArray();
    return scope.create(values, new Shape(rows, columns));
  }
}

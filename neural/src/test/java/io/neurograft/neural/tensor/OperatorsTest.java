package io.neurograft.neural.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OperatorsTest {
  @BeforeAll
  static void start() {
    Compute.start(1);
  }

  @Test
  void choleskySolve_positiveDefinite_solvesTheSystem() {
    try (NDManager scope = Compute.newManager()) {
      NDArray x = scope.create(new double[] {2, 1, 0, 1, 3, 1, 0, 1, 4}, new Shape(3, 3));
      NDArray b = scope.create(new double[] {1, 2, 3}, new Shape(3, 1));
      NDList factor = Operators.cholesky(x);
      NDArray solution = Operators.choleskySolve(b, factor.get(0));
      assertThat(factor.get(1).toType(DataType.INT64, false).getLong()).isZero();
      assertThat(x.matMul(solution).sub(b).abs().max().getDouble()).isLessThan(1e-12);
    }
  }

  @Test
  void cholesky_indefinite_saysSo() {
    try (NDManager scope = Compute.newManager()) {
      NDArray x = scope.create(new double[] {1, 2, 2, 1}, new Shape(2, 2));
      assertThat(Operators.cholesky(x).get(1).toType(DataType.INT64, false).getLong()).isNotZero();
    }
  }

  @Test
  void eigh_symmetric_rebuildsTheMatrix() {
    try (NDManager scope = Compute.newManager()) {
      NDArray x = scope.create(new double[] {2, 1, 1, 3}, new Shape(2, 2));
      NDList e = Operators.eigh(x);
      NDArray v = e.get(1);
      NDArray rebuilt = v.mul(e.get(0)).matMul(v.transpose());
      assertThat(rebuilt.sub(x).abs().max().getDouble()).isLessThan(1e-12);
    }
  }

  @Test
  void channelsLast_image_hasZerosAroundIt() {
    try (NDManager scope = Compute.newManager()) {
      NDArray x = scope.arange(18f).reshape(1, 2, 3, 3);
      NDArray turned = Operators.channelsLast(x, 1);
      assertThat(turned.getShape()).isEqualTo(new Shape(1, 5, 5, 2));
      assertThat(turned.get(0, 1, 1).toFloatArray()).containsExactly(0, 9);
      assertThat(turned.get(0, 3, 3).toFloatArray()).containsExactly(8, 17);
      assertThat(turned.sum().getFloat()).isEqualTo(17 * 9);
    }
  }

  @Test
  void strided_overlapping_seesElementsAgain() {
    try (NDManager scope = Compute.newManager()) {
      NDArray x = scope.arange(4f);
      NDArray view = Operators.strided(x, new long[] {3, 2}, new long[] {1, 1});
      assertThat(view.toFloatArray()).containsExactly(0, 1, 1, 2, 2, 3);
    }
  }

  @Test
  void addProduct_transposed_addsInPlace() {
    try (NDManager scope = Compute.newManager()) {
      NDArray sum = scope.ones(new Shape(2, 1));
      NDArray a = scope.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
      Operators.addProduct(sum, a.transpose(), scope.ones(new Shape(2, 1)));
      assertThat(sum.toFloatArray()).containsExactly(5, 7);
    }
  }

  @Test
  void backward_square_givesTwiceTheValue() {
    try (NDManager scope = Compute.newManager()) {
      NDArray x = Gradients.leaf(scope.create(new float[] {1, -2, 3}), scope);
      Gradients.backward(() -> x.mul(x).sum());
      assertThat(x.getGradient().toFloatArray()).containsExactly(2, -4, 6);
    }
  }

  @Test
  void gradients_stepsOnTheWay_givesEachItsOwn() {
    try (NDManager scope = Compute.newManager()) {
      NDArray x = Gradients.leaf(scope.create(new float[] {1, -2, 3}), scope);
      List<NDArray> way =
          Gradients.record(
              () -> {
                NDArray square = x.mul(x);
                return new NDList(x, square, square.mul(5));
              });
      List<NDArray> found = Gradients.of(way.get(2), scope.create(new float[] {1, 3, 2}), way);
      assertThat(found.get(0).toFloatArray()).containsExactly(10, -60, 60);
      assertThat(found.get(1).toFloatArray()).containsExactly(5, 15, 10);
      assertThat(found.get(2).toFloatArray()).containsExactly(1, 3, 2);
    }
  }

  @Test
  void sgd_twoSteps_followsMomentumAndClearsGradients() {
    try (NDManager scope = Compute.newManager()) {
      NDArray w = Gradients.leaf(scope.create(new float[] {1}), scope);
      NDArray momentum = scope.zeros(w.getShape());
      for (int step = 0; step < 2; step++) {
        Gradients.backward(() -> w.mul(w).sum());
        try (NDArray gradient = w.getGradient()) {
          Operators.sgd(List.of(w), List.of(gradient), List.of(momentum), 0.1, 0.9, 0, step == 0);
          assertThat(gradient.getFloat(0)).isZero();
        }
      }
      // w: 1 -> 0.8 with momentum 2; then gradient 1.6, momentum 3.4, w = 0.8 - 0.34
      assertThat(w.getFloat(0)).isCloseTo(0.46f, within(1e-6f));
    }
  }

  @Test
  void adam_firstStep_movesByTheLearningRate() {
    try (NDManager scope = Compute.newManager()) {
      NDArray w = Gradients.leaf(scope.create(new float[] {1, -1}), scope);
      Gradients.backward(() -> w.mul(w).mul(3).sum());
      try (NDArray gradient = w.getGradient()) {
        Operators.adam(
            List.of(w),
            List.of(gradient),
            List.of(scope.zeros(w.getShape())),
            List.of(scope.zeros(w.getShape())),
            List.of(scope.create(0f)),
            0.01,
            0);
      }
      assertThat(w.getFloat(0)).isCloseTo(0.99f, within(1e-5f));
      assertThat(w.getFloat(1)).isCloseTo(-0.99f, within(1e-5f));
    }
  }
}

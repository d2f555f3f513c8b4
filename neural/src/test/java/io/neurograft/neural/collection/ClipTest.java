package io.neurograft.neural.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.tensor.Compute;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What passes through a clip is bounded, whatever a network gave. */
class ClipTest {
  private static final float[] HARD = {
    Float.NaN, 1, Float.POSITIVE_INFINITY, 2, 3e30f, -1e22f, 0.1f, 0.2f, 0, 0
  };

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
  void clipped_brokenAndHugeNumbers_areNoLongerThanTheNorm() {
    NDArray rows = scope.create(HARD, new Shape(5, 2));
    double[] lengths =
        new Clip(0.5)
            .clipped(rows)
            .toType(DataType.FLOAT64, false)
            .square()
            .sum(new int[] {1})
            .toDoubleArray();
    for (double length : lengths) {
      assertThat(length).isLessThanOrEqualTo(0.25 * (1 + 1e-6));
    }
    assertThat(lengths[0]).isCloseTo(0.25, within(1e-6)); // the number beside a NaN is left
    assertThat(lengths[3]).isCloseTo(0.05, within(1e-6)); // shorter than the norm
  }

  @Test
  void add_brokenNumbers_giveFiniteRowsAndWeights() {
    NDArray x = scope.create(HARD, new Shape(5, 2));
    NDArray t = scope.create(new float[] {Float.NEGATIVE_INFINITY, 1, 1, 1, 1}, new Shape(5, 1));
    new Clip(2)
        .add(
            x,
            t,
            Optional.empty(),
            (inputs, targets, weights) -> {
              double[] some = inputs.toType(DataType.FLOAT64, false).toDoubleArray();
              double[] wanted = targets.toType(DataType.FLOAT64, false).toDoubleArray();
              double[] w = weights.toType(DataType.FLOAT64, false).toDoubleArray();
              for (int row = 0; row < 5; row++) {
                double length =
                    some[2 * row] * some[2 * row]
                        + some[2 * row + 1] * some[2 * row + 1]
                        + 1
                        + wanted[row] * wanted[row];
                assertThat(length * w[row]).isLessThanOrEqualTo(4 * (1 + 1e-6));
                assertThat(w[row]).isBetween(0.0, 1.0);
              }
            });
  }
}

package io.neurograft.fusion.interpolate;

import static io.neurograft.fusion.TestNetworks.mlp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.FitSteps;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.tensor.Compute;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LevelTargetsTest {
  private static final double[] IMPORTANCE = {3, 1};

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

  /** The first unit weighs 1.5, the second 0.5; both targets below 0 are met by any such output. */
  @Test
  void loss_beforeARectifier_overlooksWhatItHides() {
    LevelTargets targets = targets(mlp(2), 0, false);

    assertThat(loss(targets, new float[] {-5, -7}, new float[] {-1, -2})).isZero();
    assertThat(loss(targets, new float[] {2, -7}, new float[] {-1, -2}))
        .isCloseTo(1.5 * 4 / 2, within(1e-6));
    assertThat(loss(targets, new float[] {-1, 3}, new float[] {1, 2}))
        .isCloseTo((1.5 * 4 + 0.5 * 1) / 2, within(1e-6));
  }

  @Test
  void error_beforeARectifier_countsAll() {
    LevelTargets targets = targets(mlp(2), 0, false);

    double error = targets.error(row(-5, -7), row(-1, -2));

    assertThat(error).isCloseTo(3 * 16 + 25, within(1e-4));
  }

  @Test
  void loss_labels_isTheCrossEntropy() {
    LevelTargets targets = targets(mlp(2), 0, true);

    double certain = loss(targets, new float[] {20, 0}, new float[] {1, 0});
    double even = loss(targets, new float[] {3, 3}, new float[] {0, 1});

    assertThat(certain).isCloseTo(0, within(1e-6));
    assertThat(even).isCloseTo(Math.log(2), within(1e-6));
  }

  private double loss(LevelTargets targets, float[] outputs, float[] wanted) {
    NDArray shares = scope.create(targets.shares());
    return targets.loss(row(outputs), row(wanted), shares).getFloat();
  }

  private NDArray row(float... values) {
    return scope.create(values, new Shape(1, values.length));
  }

  private static LevelTargets targets(NetworkSpec spec, int level, boolean labels) {
    FitStep step = FitSteps.of(spec).get(level);
    int[] units = new int[IMPORTANCE.length];
    Arrays.setAll(units, j -> j);
    Clusters own = Clusters.weighted(units, IMPORTANCE, units.length);
    return new LevelTargets(List.of(), step, own, IMPORTANCE, labels);
  }
}

package io.neurograft.fusion.baseline;

import static io.neurograft.fusion.TestNetworks.mlp;
import static io.neurograft.fusion.TestNetworks.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AveragingTest {
  private static final NetworkSpec SPEC = mlp(6);

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
  void mean_networkAndItsNegative_isZero() {
    Weights a = random(SPEC, 1, scope).weights();
    Weights b = a.copy(scope);
    b.all().values().forEach(w -> w.muli(-1));

    Averaging.mean(SPEC, List.of(a, b), scope)
        .all()
        .values()
        .forEach(w -> assertThat(w.abs().max().getFloat()).isZero());
  }

  @Test
  void weighted_byExamples_countsEachExampleAlike() {
    Weights a = random(SPEC, 1, scope).weights();
    Weights b = random(SPEC, 2, scope).weights();

    Weights mean = Averaging.weighted(SPEC, List.of(a, b), new double[] {300, 100}, scope);

    String name = "levels.0.1.weight";
    assertThat(mean.get(name).getFloat(3, 5))
        .isEqualTo((float) (0.75 * a.get(name).getFloat(3, 5) + 0.25 * b.get(name).getFloat(3, 5)));
    assertThat(a.get(name)).isEqualTo(random(SPEC, 1, scope).weights().get(name));
  }

  @Test
  void mean_otherWidths_isRefused() {
    Weights a = random(SPEC, 1, scope).weights();
    Weights b = random(mlp(7), 2, scope).weights();

    assertThatThrownBy(() -> Averaging.mean(SPEC, List.of(a, b), scope))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("member 2")
        .hasMessageContaining("widths");
  }
}

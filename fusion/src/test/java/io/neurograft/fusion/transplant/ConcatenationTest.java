package io.neurograft.fusion.transplant;

import static io.neurograft.fusion.TestNetworks.difference;
import static io.neurograft.fusion.TestNetworks.inputs;
import static io.neurograft.fusion.TestNetworks.lenet5;
import static io.neurograft.fusion.TestNetworks.mlp;
import static io.neurograft.fusion.TestNetworks.random;
import static io.neurograft.fusion.TestNetworks.vit;
import static io.neurograft.fusion.transplant.Donors.concatenate;
import static io.neurograft.fusion.transplant.Donors.mean;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.tensor.Compute;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConcatenationTest {
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

  @ParameterizedTest
  @MethodSource("io.neurograft.fusion.transplant.Donors#architectures")
  void of_threeMembers_computesTheMeanOfTheirLogits(NetworkSpec spec) {
    List<Network> members =
        IntStream.range(0, 3).mapToObj(k -> random(spec, 10 + k, scope)).toList();
    NDArray x = inputs(spec, 8, 1, scope);

    Network wide = concatenate(members, scope);

    NDArray mean =
        members.stream().map(m -> m.forward(x)).reduce(NDArray::add).orElseThrow().div(3);
    assertThat(difference(wide.forward(x), mean)).isLessThan(1e-5);
    assertThat(wide.spec().units(0)).isEqualTo(3 * spec.units(0));
    assertThat(NetworkSpec.parse(wide.spec().toYaml(), "wide")).isEqualTo(wide.spec());
  }

  @Test
  void of_otherWidths_weighsLogitsByWidth() {
    Network narrow = random(lenet5(3, 5, 9, 10), 1, scope);
    Network broad = random(lenet5(4, 7, 9, 30), 2, scope);
    NDArray x = inputs(narrow.spec(), 8, 1, scope);

    NDArray logits = concatenate(List.of(narrow, broad), scope).forward(x);

    NDArray mean = mean(List.of(narrow, broad), new double[] {0.25, 0.75}, x);
    assertThat(difference(logits, mean)).isLessThan(1e-5);
  }

  @Test
  void of_transformersOfOtherWidths_weighsLogitsByTheirStreams() {
    Network narrow = random(vit(4, 2, 9), 1, scope);
    Network broad = random(vit(12, 6, 5), 2, scope);
    NDArray x = inputs(narrow.spec(), 8, 1, scope);

    Network wide = concatenate(List.of(narrow, broad), scope);
    Network wider = concatenate(List.of(wide, narrow), scope);

    NDArray mean = mean(List.of(narrow, broad), new double[] {0.25, 0.75}, x);
    assertThat(difference(wide.forward(x), mean)).isLessThan(1e-5);
    NDArray again = mean.mul(0.8).add(narrow.forward(x).mul(0.2));
    assertThat(difference(wider.forward(x), again)).isLessThan(1e-5);
  }

  @Test
  void of_weightsBetweenMembers_areExactlyZero() {
    NetworkSpec spec = mlp(6, 5);
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));

    NDArray middle = concatenate(members, scope).weights().get("levels.1.1.weight");

    assertThat(middle.get("0:5, 6:").abs().max().getFloat()).isZero();
    assertThat(middle.get("5:, 0:6").abs().max().getFloat()).isZero();
    assertThat(middle.get("5:, 6:")).isEqualTo(members.get(1).weights().get("levels.1.1.weight"));
  }

  @Test
  void of_normOfTheInput_isRefused() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{input: {shape: [3]}, levels: [[layernorm, {linear: 4}], [relu, {linear: 2}]]}",
            "test");
    List<Network> members = List.of(random(spec, 1, scope));

    assertThatThrownBy(() -> concatenate(members, scope))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("levels.0.0.weight: transplantation needs an input that no norm");
  }
}

package io.neurograft.neural.moments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FitStepsTest {
  private static final String INPUT = ", classes: 3, input: {shape: [2, 8, 8]}}";

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
  @ValueSource(
      strings = {
        "{family: mlp, widths: [5, 4]",
        "{family: resnet18, widths: [3, 4], blocks: 1",
        "{family: resnet18, widths: [3, 4], blocks: 1, batchnorm: false",
        "{family: vit, width: 4, heads: 2, mlp: 5, depth: 2, patch: 4"
      })
  void of_allStepsRun_giveWhatTheNetworkGives(String family) {
    NetworkSpec spec = NetworkSpec.parse(family + INPUT, "test");
    Network network = new Network(spec, Weights.initialise(spec, 1, scope));
    NDArray x = inputs(spec);
    List<FitStep> steps = FitSteps.of(spec);

    Map<Integer, NDArray> values = run(steps, network, x);

    NDArray logits = values.get(steps.get(steps.size() - 1).result());
    assertThat(logits).isEqualTo(network.forward(x));
  }

  @Test
  void of_chain_hasAStepForEachLevel() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{family: vgg11, batchnorm: true, classes: 9, input: {shape: [3, 32, 32]}}", "test");
    List<FitStep> steps = FitSteps.of(spec);
    assertThat(steps).hasSize(9).allMatch(step -> step.level() == step.index());
    assertThat(steps).extracting(FitStep::group).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(steps.get(1).place()).isEqualTo("levels.1.3");
    assertThat(steps.get(1).activation()).isPresent();
    assertThat(steps.get(8).activation()).isEmpty();
  }

  @Test
  void rectified_onlyWhereEveryReaderIsBehindTheRectifier() {
    NetworkSpec spec =
        NetworkSpec.parse(
            """
            input: {shape: [1, 16, 16]}
            levels:
              - [{conv: {out: 4, kernel: 3}}]
              - [{maxpool: 2}, relu, {conv: {out: 4, kernel: 3}}]
              - [{avgpool: 2}, relu, flatten, {linear: 5}]
              - [gelu, {linear: 5}]
              - [{residual: {body: [relu, {linear: 5}]}}]
              - [relu, {linear: 3}]
            """,
            "test");
    assertThat(FitSteps.of(spec))
        .extracting(FitStep::rectified)
        .containsExactly(true, false, false, false, true, false);
  }

  @Test
  void of_residuals_joinsBodyAndShortcut() {
    NetworkSpec spec =
        NetworkSpec.parse("{family: resnet18, widths: [3, 4], blocks: 1" + INPUT, "test");
    assertThat(describe(spec))
        .containsExactly(
            "levels.0.1 group 0: levels.0.0 (18)",
            "levels.1.1.body.1 group 1: levels.1.1.body.0 (27)",
            "levels.1.1 group 0: levels.1.1.body.3 (27) + skip",
            "levels.2.1.body.1 group 2: levels.2.1.body.0 (27)",
            "levels.2.1 group 3: levels.2.1.body.3 (36) + levels.2.1.shortcut.0 (3)",
            "levels.3.3 group 4: levels.3.3 (4)");
  }

  @Test
  void of_transformer_fitsHeadsAndStream() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{family: vit, width: 4, heads: 2, mlp: 5, depth: 1, patch: 4" + INPUT, "test");
    assertThat(describe(spec))
        .containsExactly(
            "levels.0.2 group 0: levels.0.0 (32)",
            "levels.0.3.body.1.heads group 1: levels.0.3.body.1.query (4)"
                + " + levels.0.3.body.1.key (4) + levels.0.3.body.1.value (4)",
            "levels.0.3 group 0: levels.0.3.body.1.out (4) + skip",
            "levels.0.4.body.1 group 2: levels.0.4.body.1 (4)",
            "levels.0.4 group 0: levels.0.4.body.3 (5) + skip",
            "levels.1.2 group 3: levels.1.2 (4)");
  }

  private static List<String> describe(NetworkSpec spec) {
    return FitSteps.of(spec).stream()
        .map(
            step ->
                step.place()
                    + " group "
                    + step.group()
                    + ": "
                    + step.maps().stream()
                        .map(map -> map.name() + " (" + map.columns() + ")")
                        .collect(Collectors.joining(" + "))
                    + (step.skip().isPresent() ? " + skip" : ""))
        .toList();
  }

  @Test
  void of_layersThatNoFitCanSet_namesEach() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{input: {shape: [1, 6, 6]}, levels: [[flatten, {linear: 4}],"
                + " [batchnorm, relu, {residual: {body: [{linear: 4}, relu]}}, relu, {linear: 2}]]}",
            "test");
    assertThatThrownBy(() -> FitSteps.of(spec))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("levels.1.0.batchnorm")
        .hasMessageContaining("levels.1.2.residual");
  }

  /** All values of a run, by their numbers. */
  static Map<Integer, NDArray> run(List<FitStep> steps, Network network, NDArray x) {
    Map<Integer, NDArray> values = new HashMap<>();
    values.put(0, x);
    for (FitStep step : steps) {
      for (List<Operation> part : List.of(step.before(), step.own())) {
        part.forEach(o -> values.put(o.result(), o.apply(network, values::get)));
      }
    }
    return values;
  }

  private NDArray inputs(NetworkSpec spec) {
    Random random = new Random(1);
    float[] values = new float[5 * spec.input().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.create(values, new Shape(5).addAll(spec.input().toShape()));
  }
}

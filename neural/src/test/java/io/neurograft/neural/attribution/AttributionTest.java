package io.neurograft.neural.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.neurograft.neural.Progress;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.LayerNorm;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributionTest {
  private static final String SMALL = ", classes: 3, input: {shape: [2, 8, 8]}}";

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    Compute.start(1);
  }

  @Test
  void conductance_linearNetwork_isWeightTimesChange() {
    NetworkSpec spec =
        NetworkSpec.parse("{input: {shape: [8]}, levels: [[{linear: 4}], [{linear: 3}]]}", "t");
    try (NDManager scope = Compute.newManager()) {
      Network network = Trials.random(spec, scope);
      Batch batch = Trials.batch(spec, 1, scope);
      NDArray change =
          network.forward(batch.x(), 0, 1).sub(network.forward(batch.x().mul(0), 0, 1));
      NDArray row = network.weights().get("levels.1.0.weight").get(0);
      NDArray expected = change.mul(row);
      NDArray found = Trials.at("levels.0.0", Conductance.of(network, batch, 11));
      assertThat(found.sub(expected).abs().max().getFloat()).isLessThan(1e-6f);
    }
  }

  @Test
  void path_tenSteps_underTwelvePasses() {
    assertThat(Conductance.path(10)).hasSize(11).isSorted().endsWith(1);
    assertThat(Conductance.path(11)).hasSize(13).isSorted().startsWith(0).endsWith(1);
  }

  /** Behind its last activation a network is linear: what a unit adds is what it takes away. */
  @Test
  void score_lastHiddenGroup_taylorIsAblation() {
    Dataset digits = DataUri.open("glyphs?train=150&test=10", Split.TRAIN);
    try (NDManager scope = Compute.newManager()) {
      Network network = Trials.trained("{family: mlp, widths: [16, 12]", digits, scope);
      double[] taylor = score(network, digits, ScoreMethod.TAYLOR).group(1);
      double[] ablation = score(network, digits, ScoreMethod.ABLATION).group(1);
      assertThat(taylor).containsExactly(ablation, within(1e-5));
    }
  }

  @ParameterizedTest
  @EnumSource(ScoreMethod.class)
  void score_anyMethod_oneScorePerUnitAndClass(ScoreMethod method) {
    Dataset digits = DataUri.open("glyphs?train=120&test=10", Split.TRAIN);
    try (NDManager scope = Compute.newManager()) {
      Network network = Trials.trained("{family: lenet5", digits, scope);
      Scores scores = score(network, digits, method);
      assertThat(scores.groups().stream().map(List::size)).containsExactly(6, 16, 120, 84, 10);
      assertThat(scores.groups()).allSatisfy(group -> assertThat(group).allMatch(s -> s >= 1e-8f));
      Path file = folder.resolve("scores.safetensors");
      scores.write(file);
      assertThat(Scores.read(file, network.spec())).isEqualTo(scores);
    }
  }

  private static Scores score(Network network, Dataset data, ScoreMethod method) {
    return Attribution.score(network, data, Batches.all(data), method, 10, Progress.NONE);
  }

  /** Ablation is the loss of the logit where the weights that make a unit are zero. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{family: resnet18, widths: [3, 4], blocks: 1" + SMALL,
        "{family: vit, width: 4, heads: 2, depth: 1, mlp: 3, patch: 4" + SMALL,
        "{input: {shape: [2, 8, 8]}, levels: "
            + "[[{conv: {out: 3, kernel: 3}}, batchnorm], [relu, flatten, {linear: 4}]]}"
      })
  void ablation_anyUnit_isTheLossWithoutItsWeights(String yaml) {
    NetworkSpec spec = NetworkSpec.parse(yaml, "test");
    try (NDManager scope = Compute.newManager()) {
      Network network = Trials.random(spec, scope);
      Batch batch = Trials.batch(spec, 5, scope);
      UnitSums sums = new UnitSums(spec.groups());
      new Ablation(network, 17, sums).add(batch, Progress.NONE);
      Scores found = sums.scores(1);
      for (UnitGroup group : spec.groups()) {
        for (int unit = 0; unit < group.units(); unit++) {
          double loss =
              own(network, batch)
                  .sub(own(without(network, group, unit, scope), batch))
                  .abs()
                  .sum()
                  .getFloat();
          assertThat(found.group(group.index())[unit])
              .as(group.name())
              .isCloseTo(loss, within(1e-4));
        }
      }
    }
  }

  private static NDArray own(Network network, Batch batch) {
    return network.forward(batch.x()).gather(batch.labels().expandDims(1), 1);
  }

  private static Network without(Network network, UnitGroup group, int unit, NDManager scope) {
    Weights weights = network.weights().copy(scope);
    Set<String> layerNorms = new HashSet<>();
    network
        .spec()
        .forEachLayer(
            (name, layer) -> {
              if (layer instanceof LayerNorm) {
                layerNorms.add(name);
              }
            });
    for (Slice slice : group.slices()) {
      String layer = slice.parameter().substring(0, slice.parameter().lastIndexOf('.'));
      boolean makes = slice.part() == Slice.Part.INCOMING || slice.part() == Slice.Part.OFFSET;
      if (makes && !layerNorms.contains(layer)) {
        String coordinates = unit * slice.stride() + ":" + (unit + 1) * slice.stride();
        String index = slice.axis() == 0 ? coordinates : ":," + coordinates;
        weights.get(slice.parameter()).set(new NDIndex(index), 0);
      }
    }
    return new Network(network.spec(), weights);
  }

  @Test
  void score_streamOfTwoPlaces_hasTheMeanOfBoth() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{input: {shape: [5]}, levels: [[{linear: 4}], [{residual: {body: [relu, {linear: 4}]}}], "
                + "[relu, {linear: 3}]]}",
            "test");
    try (NDManager scope = Compute.newManager()) {
      Network network = Trials.random(spec, scope);
      UnitSums sums = new UnitSums(spec.groups());
      Map<String, NDArray> places = Taylor.of(network, Trials.batch(spec, 6, scope));
      sums.add(places);
      NDArray both =
          Trials.at("levels.0.0", places)
              .abs()
              .add(Trials.at("levels.1.0", places).abs())
              .sum(new int[] {0})
              .div(2);
      for (int unit = 0; unit < 4; unit++) {
        assertThat(sums.scores(1).group(0)[unit]).isCloseTo(both.getFloat(unit), within(1e-5));
      }
    }
  }

  @Test
  void score_deepLiftOfATransformer_namesTheLayersAndTheRemedy() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{family: vit, width: 4, heads: 2, depth: 1, mlp: 3, patch: 4" + SMALL, "t");
    assertThatThrownBy(() -> ScoreMethod.DEEPLIFT.requireFit(spec))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("levels.0.3.body.0: deeplift has no rule for layernorm; use taylor")
        .hasMessageContaining("levels.0.3.body.1: deeplift has no rule for attention; use taylor")
        .satisfies(e -> assertThat(((InvalidInputException) e).faults()).hasSize(2));
    ScoreMethod.CONDUCTANCE.requireFit(spec);
  }

  @Test
  void nodes_threePoints_areGauss() {
    assertThat(GaussLegendre.nodes(3))
        .usingComparatorWithPrecision(1e-15)
        .containsExactly(0.5 - Math.sqrt(0.15), 0.5, 0.5 + Math.sqrt(0.15));
    assertThat(GaussLegendre.nodes(50)[0]).isCloseTo(5.66797e-4, within(1e-8));
  }
}

package io.neurograft.neural.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.Trainer;
import io.neurograft.neural.training.TrainingSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributionTest {
  private static final String INPUT =
      ", classes: 10, input: {shape: [1, 28, 28], mean: [0.1], std: [0.3]}}";

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    Compute.start(1);
  }

  private static Network trained(String yaml, Dataset data, NDManager scope) {
    NetworkSpec spec = NetworkSpec.parse(yaml, "test");
    Network network = new Network(spec, Weights.initialise(spec, 3, scope));
    TrainingSettings settings = new TrainingSettings(Optimizer.ADAM, 1e-3, 0, 0, 32, 2);
    Trainer.train(network, data, settings, 5, Progress.NONE);
    return network;
  }

  @ParameterizedTest
  @ValueSource(strings = {"{family: mlp, widths: [64, 32]", "{family: lenet5"})
  void conductance_fiftySteps_isComplete(String network) {
    Dataset data = DataUri.open("glyphs?train=600&test=50", Split.TRAIN);
    try (NDManager scope = Compute.newManager()) {
      Network trained = trained(network + INPUT, data, scope);
      int[] some = IntStream.range(0, 40).toArray();
      Batches.forEach(
          data,
          trained.spec().input(),
          some,
          40,
          scope,
          batch -> checkCompleteness(trained, batch));
    }
  }

  /**
   * At every level the units' conductances sum to f(x) - f(baseline): over the examples, which is
   * what scores are made of, to 1e-3; for each single one, whose kinks do not cancel, to a percent.
   */
  private static void checkCompleteness(Network network, Batch batch) {
    double[] whole = change(network, batch);
    double scale = Arrays.stream(whole).map(Math::abs).average().orElseThrow();
    for (NDArray level : Conductance.of(network, batch, 50)) {
      float[] sums = level.reshape(batch.size(), -1).sum(new int[] {1}).toFloatArray();
      double error = 0;
      for (int i = 0; i < sums.length; i++) {
        error += (sums[i] - whole[i]) / sums.length;
        assertThat((double) sums[i]).isCloseTo(whole[i], within(1e-2 * scale));
      }
      assertThat(Math.abs(error) / scale).isLessThan(1e-3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{family: mlp, widths: [64, 32]", "{family: lenet5"})
  void deepLift_anyExample_isComplete(String network) {
    Dataset data = DataUri.open("glyphs?train=600&test=50", Split.TRAIN);
    try (NDManager scope = Compute.newManager()) {
      Network trained = trained(network + INPUT, data, scope);
      int[] some = IntStream.range(0, 40).toArray();
      Batches.forEach(
          data,
          trained.spec().input(),
          some,
          40,
          scope,
          batch -> {
            double[] whole = change(trained, batch);
            double scale = Arrays.stream(whole).map(Math::abs).average().orElseThrow();
            for (NDArray level : DeepLift.of(trained, batch)) {
              float[] sums = level.reshape(batch.size(), -1).sum(new int[] {1}).toFloatArray();
              for (int i = 0; i < sums.length; i++) {
                assertThat((double) sums[i]).isCloseTo(whole[i], within(1e-4 * scale));
              }
            }
          });
    }
  }

  private static double[] change(Network network, Batch batch) {
    NDArray at = network.forward(batch.x());
    NDArray baseline = network.forward(batch.x().mul(0));
    NDArray own = at.sub(baseline).gather(batch.labels().expandDims(1), 1);
    float[] values = own.flatten().toFloatArray();
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  @Test
  void conductance_linearNetwork_isWeightTimesChange() {
    Dataset data = DataUri.open("glyphs?train=20&test=10", Split.TRAIN);
    NetworkSpec spec =
        NetworkSpec.parse(
            "{input: {shape: [1, 28, 28]}, levels: [[flatten, {linear: 4}], [{linear: 10}]]}", "t");
    try (NDManager scope = Compute.newManager()) {
      Network network = new Network(spec, Weights.initialise(spec, 3, scope));
      Batches.forEach(
          data,
          spec.input(),
          new int[] {0},
          1,
          scope,
          batch -> {
            NDArray hidden = network.forward(batch.x(), 0, 1);
            NDArray baseline = network.forward(batch.x().mul(0), 0, 1);
            NDArray row = network.weights().get("levels.1.0.weight").get(data.label(0));
            NDArray expected = hidden.sub(baseline).mul(row);
            NDArray found = Conductance.of(network, batch, 3).get(0);
            assertThat(found.sub(expected).abs().max().getFloat()).isLessThan(1e-6f);
          });
    }
  }

  @Test
  void score_anyBatching_oneScorePerUnitAndClass() {
    Dataset data = DataUri.open("glyphs?train=250&test=10", Split.TRAIN);
    try (NDManager scope = Compute.newManager()) {
      Network network = trained("{family: lenet5" + INPUT, data, scope);
      Scores scores =
          Attribution.score(
              network, data, Batches.all(data), ScoreMethod.CONDUCTANCE, 10, Progress.NONE);
      assertThat(scores.groups().stream().map(List::size)).containsExactly(6, 16, 120, 84, 10);
      assertThat(scores.groups()).allSatisfy(group -> assertThat(group).allMatch(s -> s >= 1e-8f));
      Path file = folder.resolve("scores.safetensors");
      scores.write(file);
      assertThat(Scores.read(file, network.spec())).isEqualTo(scores);
    }
  }

  @Test
  void nodes_threePoints_areGauss() {
    assertThat(GaussLegendre.nodes(3))
        .usingComparatorWithPrecision(1e-15)
        .containsExactly(0.5 - Math.sqrt(0.15), 0.5, 0.5 + Math.sqrt(0.15));
    assertThat(GaussLegendre.nodes(50)[0]).isCloseTo(5.66797e-4, within(1e-8));
  }
}

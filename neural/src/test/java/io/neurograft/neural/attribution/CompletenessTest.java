package io.neurograft.neural.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Place;
import io.neurograft.neural.tensor.Compute;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Attributions of a place's units sum to f(x) - f(baseline) where every path from the input to the
 * logit passes that place: at each level of a chain, and in a residual stream behind each block. A
 * place inside a residual sees only what goes through the body; the rest goes around it.
 */
class CompletenessTest {
  private static final String IMAGE = ", classes: 4, input: {shape: [3, 32, 32]}}";
  private static final String VGG11 =
      "{family: vgg11, widths: [4, 6, 8, 8, 8, 8, 8, 8], batchnorm: true" + IMAGE;
  private static final String RESNET18 =
      "{family: resnet18, widths: [4, 6, 8], classes: 4, input: {shape: [3, 16, 16]}}";

  @BeforeAll
  static void start() {
    Compute.start(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{family: mlp, widths: [64, 32]",
        "{family: lenet5",
        "{family: vit, width: 16, heads: 4, depth: 2, mlp: 16, patch: 7"
      })
  void conductance_trained_isComplete(String family) {
    withTrained(family, CompletenessTest::checkConductance);
  }

  @ParameterizedTest
  @ValueSource(strings = {VGG11, RESNET18})
  void conductance_random_isComplete(String network) {
    withRandom(network, CompletenessTest::checkConductance);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{family: mlp, widths: [64, 32]", "{family: lenet5"})
  void deepLift_trained_isComplete(String family) {
    withTrained(family, CompletenessTest::checkDeepLift);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        VGG11,
        RESNET18,
        "{input: {shape: [8]}, levels: [[{linear: 6}], [gelu, {linear: 5}], [gelu, {linear: 3}]]}"
      })
  void deepLift_random_isComplete(String network) {
    withRandom(network, CompletenessTest::checkDeepLift);
  }

  private record Trial(Network network, Batch batch) {
    /** The change of each example's own logit from the baseline on. */
    double[] change() {
      NDArray at = network.forward(batch.x());
      NDArray own = at.sub(network.forward(batch.x().mul(0)));
      return doubles(own.gather(batch.labels().expandDims(1), 1).flatten());
    }

    /** The places that all paths pass. */
    List<String> cuts() {
      NetworkSpec spec = network.spec();
      return spec.groups().stream()
          .flatMap(group -> group.places().stream())
          .map(Place::layer)
          .filter(place -> !place.contains(".body.") && !place.contains(".shortcut."))
          .toList();
    }
  }

  private static void withTrained(String family, Consumer<Trial> check) {
    Dataset digits = DataUri.open("glyphs?train=400&test=50", Split.TRAIN);
    try (NDManager scope = Compute.newManager()) {
      Network network = Trials.trained(family, digits, scope);
      int[] some = IntStream.range(0, 60).toArray();
      Batches.forEach(
          digits,
          network.spec().input(),
          some,
          some.length,
          scope,
          batch -> check.accept(new Trial(network, batch)));
    }
  }

  private static void withRandom(String network, Consumer<Trial> check) {
    NetworkSpec spec = NetworkSpec.parse(network, "test");
    try (NDManager scope = Compute.newManager()) {
      check.accept(new Trial(Trials.random(spec, scope), Trials.batch(spec, 64, scope)));
    }
  }

  /** Over the examples, which is what scores are made of: kinks of single ones cancel. */
  private static void checkConductance(Trial trial) {
    double[] whole = trial.change();
    double scale = Arrays.stream(whole).map(Math::abs).sum();
    Map<String, NDArray> found = Conductance.of(trial.network(), trial.batch(), 50);
    for (String place : trial.cuts()) {
      double error = Arrays.stream(sums(found, place)).sum() - Arrays.stream(whole).sum();
      assertThat(error / scale).as(place).isCloseTo(0, within(1e-3));
    }
  }

  private static void checkDeepLift(Trial trial) {
    double[] whole = trial.change();
    double scale = Arrays.stream(whole).map(Math::abs).average().orElseThrow();
    Map<String, NDArray> found = DeepLift.of(trial.network(), trial.batch());
    for (String place : trial.cuts()) {
      double[] sums = sums(found, place);
      for (int i = 0; i < sums.length; i++) {
        assertThat(sums[i]).isCloseTo(whole[i], within(1e-4 * scale));
      }
    }
  }

  /** The sum of each example's attributions at a place. */
  private static double[] sums(Map<String, NDArray> attributions, String place) {
    NDArray all = Trials.at(place, attributions);
    return doubles(all.reshape(all.getShape().get(0), -1).sum(new int[] {1}));
  }

  private static double[] doubles(NDArray array) {
    float[] values = array.toFloatArray();
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}

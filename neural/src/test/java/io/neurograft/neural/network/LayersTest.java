package io.neurograft.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.tensor.Gradients;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each layer against its formula, and networks of all layers against their parts. */
class LayersTest {
  private static final InputSpec SCALAR = new InputSpec(List.of(1), List.of(0.0), List.of(1.0));

  private final Random random = new Random(11);
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

  static Stream<NetworkSpec> networks() {
    return Stream.of(
        family("family: resnet18, widths: [3, 4], blocks: 1"),
        family("family: vit, width: 6, heads: 2, mlp: 5, depth: 2"),
        RandomNetworks.image(new Random(3)),
        RandomNetworks.tokens(new Random(4)));
  }

  private static NetworkSpec family(String family) {
    return NetworkSpec.parse("{" + family + ", classes: 3, input: {shape: [2, 8, 8]}}", "test");
  }

  @Test
  void gelu_someValues_areExact() {
    NDArray x = scope.create(new float[] {-1, 0, 0.5f, 1, 2});
    float[] y = new Gelu().forward(x, none(), Pass.EVALUATION).toFloatArray();
    double[] expected = {-0.15865525, 0, 0.34573123, 0.84134475, 1.95449974};
    for (int i = 0; i < y.length; i++) {
      assertThat((double) y[i]).isCloseTo(expected[i], within(1e-6));
    }
  }

  @Test
  void layerNorm_tokens_eachHasMeanZeroAndVarianceOneBeforeScaling() {
    NDArray x = RandomNetworks.normal(new Shape(2, 3, 5), random, scope);
    NDArray weight = RandomNetworks.normal(new Shape(5), random, scope);
    NDArray bias = RandomNetworks.normal(new Shape(5), random, scope);
    NDArray y = run(new LayerNorm(), x, Map.of("weight", weight, "bias", bias));
    for (int token = 0; token < 6; token++) {
      float[] from = x.reshape(6, 5).get(token).toFloatArray();
      float[] to = y.reshape(6, 5).get(token).toFloatArray();
      double mean = IntStream.range(0, 5).mapToDouble(i -> from[i]).average().orElseThrow();
      double variance =
          IntStream.range(0, 5)
              .mapToDouble(i -> (from[i] - mean) * (from[i] - mean))
              .average()
              .orElseThrow();
      for (int i = 0; i < 5; i++) {
        double expected =
            (from[i] - mean) / Math.sqrt(variance + 1e-5) * weight.getFloat(i) + bias.getFloat(i);
        assertThat((double) to[i]).isCloseTo(expected, within(1e-5));
      }
    }
  }

  @Test
  void layerNorm_parts_areNormsSideBySide() {
    NDArray weight = RandomNetworks.normal(new Shape(5), random, scope);
    NDArray bias = RandomNetworks.normal(new Shape(5), random, scope);
    for (Shape shape : List.of(new Shape(2, 3, 5), new Shape(4, 5))) {
      NDArray x = RandomNetworks.normal(shape, random, scope);
      NDArray whole = run(new LayerNorm(List.of(2, 3)), x, Map.of("weight", weight, "bias", bias));
      NDArray left =
          run(
              new LayerNorm(),
              x.get("..., 0:2"),
              Map.of("weight", weight.get("0:2"), "bias", bias.get("0:2")));
      NDArray right =
          run(
              new LayerNorm(),
              x.get("..., 2:"),
              Map.of("weight", weight.get("2:"), "bias", bias.get("2:")));
      NDArray expected = left.concat(right, shape.dimension() - 1);
      assertThat(difference(whole, expected)).isLessThan(1e-6);
    }
  }

  @Test
  void attention_anyTokens_followsItsFormula() {
    int tokens = 4;
    int width = 5;
    int heads = 2;
    int dim = 3;
    Attention layer = new Attention(heads, dim);
    NDArray x = RandomNetworks.normal(new Shape(1, tokens, width), random, scope);
    Map<String, NDArray> p = new LinkedHashMap<>();
    layer
        .parameters(new Shape(tokens, width))
        .forEach((name, shape) -> p.put(name, RandomNetworks.normal(shape, random, scope)));
    double[][] in = matrix(x.reshape(tokens, width));
    double[][] q = linear(in, p, "query");
    double[][] k = linear(in, p, "key");
    double[][] v = linear(in, p, "value");
    double[][] mixed = new double[tokens][heads * dim];
    for (int h = 0; h < heads; h++) {
      for (int t = 0; t < tokens; t++) {
        double[] weights = new double[tokens];
        double sum = 0;
        for (int s = 0; s < tokens; s++) {
          double dot = 0;
          for (int d = h * dim; d < (h + 1) * dim; d++) {
            dot += q[t][d] * k[s][d];
          }
          weights[s] = Math.exp(dot / Math.sqrt(dim));
          sum += weights[s];
        }
        for (int s = 0; s < tokens; s++) {
          for (int d = h * dim; d < (h + 1) * dim; d++) {
            mixed[t][d] += weights[s] / sum * v[s][d];
          }
        }
      }
    }
    double[][] expected = linear(mixed, p, "out");
    double[][] found = matrix(run(layer, x, p).reshape(tokens, width));
    for (int t = 0; t < tokens; t++) {
      assertThat(found[t]).usingComparatorWithPrecision(1e-4).containsExactly(expected[t]);
    }
  }

  @Test
  void patchEmbedding_image_mapsEachPatchRowByRow() {
    PatchEmbedding layer = new PatchEmbedding(3, 2);
    NDArray x = RandomNetworks.normal(new Shape(1, 2, 4, 6), random, scope);
    NDArray weight = RandomNetworks.normal(new Shape(3, 2, 2, 2), random, scope);
    NDArray bias = RandomNetworks.normal(new Shape(3), random, scope);

    NDArray tokens = run(layer, x, Map.of("weight", weight, "bias", bias));

    assertThat(tokens.getShape()).isEqualTo(new Shape(1, 6, 3));
    NDArray patch = x.get("0, :, 2:4, 2:4"); // the second row's second patch: token 4
    for (int unit = 0; unit < 3; unit++) {
      double expected = patch.mul(weight.get(unit)).sum().getFloat() + (double) bias.getFloat(unit);
      assertThat((double) tokens.getFloat(0, 4, unit)).isCloseTo(expected, within(1e-5));
    }
  }

  @Test
  void tokens_classTokenFirst_positionsAdded() {
    NDArray x = RandomNetworks.normal(new Shape(2, 3, 4), random, scope);
    NDArray own = RandomNetworks.normal(new Shape(4), random, scope);
    NDArray positions = RandomNetworks.normal(new Shape(4, 4), random, scope);

    NDArray with = run(new ClassToken(), x, Map.of("weight", own));
    NDArray placed = run(new PositionEmbedding(), with, Map.of("weight", positions));

    assertThat(with.get(":, 1:")).isEqualTo(x);
    NDArray first = run(new FirstToken(), placed, Map.of());
    assertThat(first.get(1)).isEqualTo(own.add(positions.get(0)));
    assertThat(placed.get(0).get(2)).isEqualTo(x.get(0).get(1).add(positions.get(2)));
  }

  @Test
  void globalAvgPool_image_isTheMeanOfEachMap() {
    NDArray x = RandomNetworks.normal(new Shape(2, 3, 4, 5), random, scope);
    NDArray y = run(new GlobalAvgPool(), x, Map.of());
    assertThat(y.getShape()).isEqualTo(new Shape(2, 3, 1, 1));
    NDArray mean = x.reshape(2, 3, 20).mean(new int[] {2});
    assertThat(difference(y.reshape(2, 3), mean)).isLessThan(1e-6);
  }

  @Test
  void residual_anyInput_isBodyPlusShortcut() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{input: {shape: [3]}, levels: [[{linear: 4}, {residual: {body: [relu, {linear: 5}],"
                + " shortcut: [{linear: 5}]}}], [{linear: 2}]]}",
            "test");
    Network network = network(spec);
    NDArray x = RandomNetworks.normal(new Shape(6, 3), random, scope);
    NDArray stem = network.inputOf(x, 0, "levels.0.1");
    NDArray body = apply(network, "levels.0.1.body.1", network.inputOf(x, 0, "levels.0.1.body.1"));
    NDArray shortcut = apply(network, "levels.0.1.shortcut.0", stem);
    assertThat(network.inputOf(x, 0, "levels.0.1.shortcut.0")).isEqualTo(stem);
    assertThat(difference(network.forward(x, 0, 1), body.add(shortcut))).isLessThan(1e-6);
  }

  /** Every layer's output goes through the tap, in the order of a run. */
  @ParameterizedTest
  @MethodSource("networks")
  void tapping_anyNetwork_seesEachLayerOnce(NetworkSpec spec) {
    Network network = network(spec);
    NDArray x = RandomNetworks.normal(new Shape(2, 2, 8, 8), random, scope);
    List<String> expected = new ArrayList<>();
    spec.forEachLayer(
        (name, layer) -> {
          if (layer instanceof Attention) {
            Attention.READERS.forEach(reader -> expected.add(name + "." + reader));
            expected.add(name + ".heads");
          }
          expected.add(name);
        });
    Map<String, NDArray> seen = new LinkedHashMap<>();
    Pass pass =
        Pass.EVALUATION.tapping(
            (name, output) -> {
              seen.put(name, output);
              return output;
            });

    NDArray logits = network.forward(x, 0, spec.levelCount(), pass);

    assertThat(seen.keySet()).containsExactlyElementsOf(expected);
    assertThat(logits).isEqualTo(network.forward(x));
    for (UnitGroup group : spec.groups()) {
      for (Place place : group.places()) {
        assertThat(seen)
            .hasEntrySatisfying(
                place.layer(),
                output ->
                    assertThat(UnitAxis.size(output.getShape().slice(1)))
                        .isEqualTo(group.units() * place.stride()));
      }
    }
  }

  /** What goes into a layer, run through it, is what the whole run has there. */
  @ParameterizedTest
  @MethodSource("networks")
  void inputOf_anyLayer_givesTheOutputOfARun(NetworkSpec spec) {
    Network network = network(spec);
    NDArray x = RandomNetworks.normal(new Shape(2, 2, 8, 8), random, scope);
    Map<String, NDArray> seen = new LinkedHashMap<>();
    Pass pass =
        Pass.EVALUATION.tapping(
            (name, output) -> {
              seen.put(name, output);
              return output;
            });
    network.forward(x, 0, spec.levelCount(), pass);
    spec.forEachLayer(
        (name, layer) -> {
          int level = NetworkSpec.levelOf(name);
          NDArray input = network.inputOf(network.forward(x, 0, level), level, name);
          assertThat(apply(network, name, input)).as(name).isEqualTo(seen.get(name));
        });
  }

  @Test
  void inputOf_unknownLayer_refused() {
    Network network = network(family("family: resnet18, widths: [3], blocks: 1"));
    NDArray x = RandomNetworks.normal(new Shape(1, 2, 8, 8), random, scope);
    for (String name : new String[] {"levels.0.7", "levels.1", "levels.0.0.body.0"}) {
      assertThatThrownBy(() -> network.inputOf(x, 0, name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(name);
    }
  }

  /** What a run makes ends with the batch's scope; every trained parameter gets a gradient. */
  @ParameterizedTest
  @MethodSource("networks")
  void forward_training_leavesOnlyGradientsInTheNetworksScope(NetworkSpec spec) {
    Network network = network(spec);
    int before = network.weights().scope().getManagedArrays().size();
    List<NDArray> trained = new ArrayList<>();
    network
        .weights()
        .all()
        .forEach(
            (name, array) -> {
              if (Weights.trained(name)) {
                array.setRequiresGradient(true);
                trained.add(array);
              }
            });
    try (NDManager batch = scope.newSubManager()) {
      NDArray x = RandomNetworks.normal(new Shape(4, 2, 8, 8), random, batch);
      Pass pass = Pass.training(new SplittableRandom(1));
      Gradients.backward(() -> network.forward(x, 0, spec.levelCount(), pass).square().sum());
    }
    assertThat(network.weights().scope().getManagedArrays()).hasSize(before);
    for (NDArray array : trained) {
      try (NDArray gradient = array.getGradient()) {
        assertThat(gradient.abs().max().getFloat()).isFinite();
      }
    }
  }

  private Network network(NetworkSpec spec) {
    return new Network(
        spec, Weights.of(spec, RandomNetworks.weights(spec, new Random(8), scope), scope));
  }

  private static NDArray apply(Network network, String name, NDArray input) {
    return network
        .spec()
        .layer(name)
        .forward(input, new LayerParameters(network.weights(), name), Pass.EVALUATION);
  }

  private LayerParameters none() {
    return new LayerParameters(
        Weights.of(new NetworkSpec(SCALAR, List.of()), Map.of(), scope), "none");
  }

  /** Runs one layer whose parameters are given by their own names. */
  private NDArray run(LayerSpec layer, NDArray x, Map<String, NDArray> parameters) {
    NetworkSpec spec =
        new NetworkSpec(
            new InputSpec(
                Arrays.stream(x.getShape().slice(1).getShape()).mapToObj(Math::toIntExact).toList(),
                List.of(0.0),
                List.of(1.0)),
            List.of(List.of(layer)));
    Map<String, NDArray> named = new LinkedHashMap<>();
    parameters.forEach((name, array) -> named.put("levels.0.0." + name, array));
    return new Network(spec, Weights.of(spec, named, scope)).forward(x);
  }

  private static double[][] linear(double[][] x, Map<String, NDArray> p, String name) {
    double[][] w = matrix(Objects.requireNonNull(p.get(name + ".weight")));
    float[] b = Objects.requireNonNull(p.get(name + ".bias")).toFloatArray();
    double[][] y = new double[x.length][w.length];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < w.length; o++) {
        y[t][o] = b[o];
        for (int i = 0; i < x[t].length; i++) {
          y[t][o] += w[o][i] * x[t][i];
        }
      }
    }
    return y;
  }

  private static double[][] matrix(NDArray x) {
    double[][] rows = new double[(int) x.getShape().get(0)][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = x.get(i).toType(DataType.FLOAT64, false).toDoubleArray();
    }
    return rows;
  }

  private static double difference(NDArray a, NDArray b) {
    return a.sub(b).abs().max().getFloat();
  }
}

package io.neurograft.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkSpecTest {
  private static final String IMAGE = "input: {shape: [3, 32, 32]}\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{family: mlp, widths: [32, 16], classes: 10, input: {shape: [1, 28, 28], mean: [0.13], std: [0.3]}}",
        "{family: lenet5, classes: 10, input: {shape: [1, 28, 28]}}",
        "{family: vgg11, classes: 100, input: {shape: [3, 32, 32], mean: [0.4, 0.5, 0.6]}}",
        "{family: vgg11, batchnorm: true, classes: 10, input: {shape: [3, 32, 32]}}",
        "{family: mlp, classes: 3, input: {shape: [7]}}",
        "{input: {shape: [1, 8, 8]}, levels: [[{conv: {out: 4, kernel: 3, stride: 2}}],"
            + " [relu, {avgpool: {size: 2, stride: 1}}, {dropout: 0.25}, flatten, {linear: 2}]]}",
        "{family: resnet18, classes: 10, input: {shape: [3, 32, 32]}}",
        "{family: resnet18, widths: [4, 8], blocks: 1, batchnorm: false, classes: 5,"
            + " input: {shape: [3, 16, 16]}}",
        "{family: vit, classes: 10, input: {shape: [3, 32, 32]}}",
        "{family: vit, width: 6, heads: 2, mlp: 8, depth: 2, patch: 8, classes: 5,"
            + " input: {shape: [1, 16, 24]}}",
        "{input: {shape: [1, 8, 8]}, levels: [[flatten, {linear: 4}],"
            + " [{residual: {body: [{layernorm: {parts: [1, 3]}}, gelu, {linear: 4}],"
            + " shortcut: [{residual: {body: [{linear: 4}]}}]}}], [{linear: 2}]]}"
      })
  void toYaml_anySpecification_readsBackEqual(String yaml) {
    NetworkSpec spec = NetworkSpec.parse(yaml, "test");
    assertThat(NetworkSpec.parse(spec.toYaml(), "again")).isEqualTo(spec);
  }

  @Test
  void parameters_vgg11_namedAsPyTorchWould() {
    NetworkSpec spec =
        NetworkSpec.parse("{family: vgg11, classes: 10, input: {shape: [3, 32, 32]}}", "test");
    assertThat(spec.parameters())
        .containsEntry("levels.0.0.weight", new Shape(64, 3, 3, 3))
        .containsEntry("levels.1.2.bias", new Shape(128))
        .containsEntry("levels.8.3.weight", new Shape(10, 512))
        .hasSize(18);
  }

  @Test
  void parameters_residualAndAttention_namedByTheirPath() {
    NetworkSpec resnet =
        NetworkSpec.parse("{family: resnet18, classes: 10, input: {shape: [3, 32, 32]}}", "test");
    assertThat(resnet.parameters())
        .containsEntry("levels.1.1.body.0.weight", new Shape(64, 64, 3, 3))
        .containsEntry("levels.3.1.shortcut.0.weight", new Shape(128, 64, 1, 1))
        .containsEntry("levels.9.3.weight", new Shape(10, 512));
    NetworkSpec vit =
        NetworkSpec.parse("{family: vit, classes: 10, input: {shape: [3, 32, 32]}}", "test");
    assertThat(vit.parameters())
        .containsEntry("levels.0.0.weight", new Shape(384, 3, 4, 4))
        .containsEntry("levels.0.1.weight", new Shape(384))
        .containsEntry("levels.0.2.weight", new Shape(65, 384))
        .containsEntry("levels.0.3.body.1.query.weight", new Shape(384, 384))
        .containsEntry("levels.6.1.body.3.bias", new Shape(384))
        .containsEntry("levels.7.2.weight", new Shape(10, 384));
    assertThat(vit.levelCount()).isEqualTo(8);
  }

  @Test
  void parse_faultsInAResidual_areReportedWithTheirPath() {
    assertThatThrownBy(
            () ->
                NetworkSpec.parse(
                    IMAGE
                        + "levels:\n"
                        + "  - [flatten, {linear: 4}]\n"
                        + "  - [relu, {residual: {body: [relu, {linear: none}], shortcut: [gleu]}}]\n",
                    "net.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("levels[1][1].residual.body[1].linear: expected a whole number")
        .hasMessageContaining("levels[1][1].residual.shortcut[0]: unknown layer gleu");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "[[flatten, {linear: 4}], [relu, {residual: {body: [{linear: 5}]}}, {linear: 3}]]"
            + " | levels[1][1].residual: expected body and shortcut to give the same shape",
        "[[flatten, {linear: 4}, {residual: {body: [relu, {conv: {out: 4, kernel: 1}}]}}],"
            + " [{linear: 3}]] | levels[0][2].residual.body[1].conv: expected channels",
        "[[{residual: {body: [{conv: {out: 3, kernel: 1}}]}}], [flatten, {linear: 3}]]"
            + " | levels[0][0].residual: cannot add to the network's input",
        "[[{conv: {out: 2, kernel: 31}}], [flatten, {residual: {body: [{linear: 8}]}}],"
            + " [{linear: 3}]] | levels[1][1].residual: adds 8 units of 1 coordinates to 2 units of 4",
        "[[{patchembedding: {out: 4, patch: 5}}], [firsttoken, {linear: 3}]]"
            + " | levels[0][0].patchembedding: expected an image whose sides are multiples of 5",
        "[[{patchembedding: {out: 4, patch: 4}}, batchnorm], [firsttoken, {linear: 3}]]"
            + " | levels[0][1].batchnorm: expected an image or a vector",
        "[[{patchembedding: {out: 4, patch: 4}}], [flatten, {linear: 3}]]"
            + " | levels[1][0].flatten: expected an image or a vector",
        "[[{patchembedding: {out: 4, patch: 4}}], [{linear: 3}]]"
            + " | levels: expected the last level to end in a linear layer",
        "[[flatten, {linear: 4}], [{layernorm: {parts: [2, 3]}}, {linear: 3}]]"
            + " | levels[1][0].layernorm: expected parts that sum to 4",
        "[[flatten, {linear: 4}], [{attention: {heads: 1, dim: 2}}, {linear: 3}]]"
            + " | levels[1][0].attention: expected tokens",
        "[[{patchembedding: {out: 4, patch: 1}}, {attention: {heads: 1000, dim: 1}}],"
            + " [firsttoken, {linear: 3}]] | levels[0][1].attention: expected tensors of at most",
        "[[flatten, {linear: 4}, gelu], [{linear: 3}]] | levels[0]: expected the level to end in",
        "[[flatten, {linear: 4}, {residual: {body: []}}], [{linear: 3}]]"
            + " | levels[0][2].residual.body: expected at least one layer",
        "[[flatten, {linear: 4}, {residual: {body: [relu], way: [relu]}}], [{linear: 3}]]"
            + " | levels[0][2].residual.way: unknown key",
      })
  void parse_layersThatDoNotFitTogether_saysWhereAndWhy(String levels, String message) {
    assertThatThrownBy(() -> NetworkSpec.parse(IMAGE + "levels: " + levels, "net.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("net.yaml: ")
        .hasMessageContaining(message);
  }

  @Test
  void parse_residualsTooDeep_refused() {
    String layer = "{linear: 4}";
    for (int depth = 0; depth < 9; depth++) {
      layer = "{residual: {body: [" + layer + "]}}";
    }
    String levels = "levels: [[flatten, {linear: 4}], [" + layer + "], [{linear: 3}]]";
    assertThatThrownBy(() -> NetworkSpec.parse(IMAGE + levels, "net.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected residuals of at most 8 levels within each other");
  }

  @Test
  void withUnits_vit_resizesStreamHeadsAndHidden() {
    NetworkSpec spec = vit(6, 3, 8);
    assertThat(spec.groups()).extracting(UnitGroup::units).containsExactly(6, 3, 8, 3, 8, 10);
    NetworkSpec narrow = spec.withUnits(List.of(4, 2, 5, 1, 8, 10));
    assertThat(narrow.parameters())
        .containsEntry("levels.0.2.weight", new Shape(17, 4))
        .containsEntry("levels.0.3.body.1.out.weight", new Shape(4, 4))
        .containsEntry("levels.1.0.body.1.key.weight", new Shape(2, 4))
        .containsEntry("levels.0.4.body.3.weight", new Shape(4, 5));
    assertThat(narrow.withUnits(List.of(6, 3, 8, 3, 8, 10))).isEqualTo(spec);
  }

  @Test
  void parse_vitWhoseHeadsDoNotDivideItsWidth_refused() {
    assertThatThrownBy(() -> vit(6, 4, 8))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("heads: expected a divisor of the width 6, found 4");
  }

  private static NetworkSpec vit(int width, int heads, int hidden) {
    return NetworkSpec.parse(
        "{family: vit, width: %d, heads: %d, mlp: %d, depth: 2, classes: 10, input: {shape: [3, 16, 16]}}"
            .formatted(width, heads, hidden),
        "test");
  }

  @Test
  void parse_severalFaults_reportsEachWithItsPlace() {
    assertThatThrownBy(
            () ->
                NetworkSpec.parse(
                    IMAGE
                        + "colour: red\n"
                        + "levels:\n"
                        + "  - [flatten, {linear: -3}]\n"
                        + "  - [rely, {linear: ten}]\n",
                    "net.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("net.yaml: ")
        .hasMessageContaining("levels[0][1].linear: expected a whole number from 1")
        .hasMessageContaining("levels[1][0]: unknown layer rely")
        .hasMessageContaining("levels[1][1].linear: expected a whole number")
        .hasMessageContaining("colour: unknown key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "levels: [[{linear: 10}]]",
        "levels: [[{conv: {out: 4, kernel: 40}}]]",
        "levels: [[flatten, {linear: 10}, relu]]",
        "levels: [[flatten, relu]]",
        "levels: [[{conv: {out: 4, kernel: 3}}]]",
        "levels: []",
        "levels: 7",
        "family: resnet5\nclasses: 3",
      })
  void parse_layersThatDoNotFit_refused(String levels) {
    assertThatThrownBy(() -> NetworkSpec.parse(IMAGE + levels, "net.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("net.yaml: ");
  }

  @Test
  void parse_hugeLayer_refusedBeforeAnythingIsAllocated() {
    assertThatThrownBy(
            () ->
                NetworkSpec.parse(
                    "{input: {shape: [3, 8192, 8192]}, levels: [[flatten, {linear: 1000000}]]}",
                    "net.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("levels[0][1].linear");
  }
}

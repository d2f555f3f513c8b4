package io.neurograft.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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
            + " [relu, {avgpool: {size: 2, stride: 1}}, {dropout: 0.25}, flatten, {linear: 2}]]}"
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

package io.neurograft.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FamiliesTest {

  /** The groups of each family, one line per group, slice and place, are those in groups/. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "mlp | widths: [512, 512], input: {shape: [1, 28, 28]}",
        "lenet5 | input: {shape: [1, 28, 28]}",
        "vgg11 | batchnorm: true, input: {shape: [3, 32, 32]}",
        "resnet18 | input: {shape: [3, 32, 32]}",
        "vit | depth: 2, input: {shape: [3, 32, 32]}"
      })
  void groups_eachFamily_asApproved(String family, String parameters) throws IOException {
    NetworkSpec spec =
        NetworkSpec.parse("{family: " + family + ", classes: 10, " + parameters + "}", "test");
    try (InputStream approved = getClass().getResourceAsStream("/groups/" + family + ".txt")) {
      assertThat(text(spec))
          .isEqualTo(
              new String(Objects.requireNonNull(approved).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private static String text(NetworkSpec spec) {
    return spec.groups().stream().map(FamiliesTest::text).collect(Collectors.joining("\n"));
  }

  private static String text(UnitGroup group) {
    StringBuilder text = new StringBuilder();
    text.append("group %d: %s, %d units%n".formatted(group.index(), group.name(), group.units()));
    for (Slice slice : group.slices()) {
      text.append(
          "  %-8s %s, axis %d%s%n"
              .formatted(
                  slice.part().name().toLowerCase(Locale.ROOT),
                  slice.parameter(),
                  slice.axis(),
                  stride(slice.stride())));
    }
    for (Place place : group.places()) {
      text.append("  read at  %s%s%n".formatted(place.layer(), stride(place.stride())));
    }
    return text.toString();
  }

  private static String stride(int stride) {
    return stride == 1 ? "" : ", stride " + stride;
  }

  @Test
  void resnet18_asPublished_hasItsSizes() {
    NetworkSpec spec =
        NetworkSpec.parse("{family: resnet18, classes: 10, input: {shape: [3, 32, 32]}}", "test");
    assertThat(spec.levelCount()).isEqualTo(10);
    assertThat(spec.output(8)).isEqualTo(new Shape(512, 4, 4));
    // PyTorch's CIFAR form has 11,173,962 trained numbers; here convolutions have biases, too.
    assertThat(trained(spec)).isEqualTo(11_173_962 + 4800);
  }

  @Test
  void vit_byDefault_hasItsSizes() {
    NetworkSpec spec =
        NetworkSpec.parse("{family: vit, classes: 10, input: {shape: [3, 32, 32]}}", "test");
    long block = 4 * (384 * 384 + 384) + 2 * (384 * 384 + 384) + 4 * 384;
    long stem = 384 * 48 + 384 + 384 + 65 * 384;
    assertThat(trained(spec)).isEqualTo(stem + 7 * block + 2 * 384 + 384 * 10 + 10);
    assertThat(spec.output(6)).isEqualTo(new Shape(65, 384));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "family: vgg11, widths: [1, 2, 3]",
        "family: resnet18, widths: []",
        "family: resnet18, blocks: 0",
        "family: resnet18, depth: 3",
        "family: vit, patch: 5",
        "family: vit, heads: 7",
        "family: vit, depth: 100000",
        "family: inception"
      })
  void parse_parametersThatDoNotFit_refused(String family) {
    assertThatThrownBy(
            () ->
                NetworkSpec.parse(
                    "{" + family + ", classes: 10, input: {shape: [3, 32, 32]}}", "net.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("net.yaml: ");
  }

  private static long trained(NetworkSpec spec) {
    return spec.parameters().entrySet().stream()
        .filter(parameter -> Weights.trained(parameter.getKey()))
        .mapToLong(parameter -> parameter.getValue().size())
        .sum();
  }
}

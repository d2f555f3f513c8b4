package io.neurograft.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.tensor.Compute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeightsTest {
  private static final NetworkSpec SMALL = mlp(4);

  @TempDir Path folder;
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

  private static NetworkSpec mlp(int width) {
    return NetworkSpec.parse(
        "{family: mlp, widths: [" + width + "], classes: 3, input: {shape: [5]}}", "test");
  }

  @Test
  void write_thenRead_sameValuesAndSameBytes() throws IOException {
    Path first = folder.resolve("a.safetensors");
    Path second = folder.resolve("b.safetensors");
    Weights weights = Weights.initialise(SMALL, 7, scope);
    weights.write(first, Map.of("site", "a"));
    Weights.read(first, SMALL, scope).write(second, Map.of("site", "a"));
    assertThat(second).hasSameBinaryContentAs(first);
    try (SafetensorsFile file = SafetensorsFile.open(first)) {
      assertThat(file.metadata()).containsEntry("site", "a");
    }
    assertThat(folder.toFile().list()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{family: resnet18, widths: [2, 3], blocks: 1",
        "{family: vit, width: 4, heads: 2, mlp: 3, depth: 1"
      })
  void write_residualsAndAttention_readBackEqual(String family) {
    NetworkSpec spec =
        NetworkSpec.parse(family + ", classes: 3, input: {shape: [1, 8, 8]}}", "test");
    Path file = folder.resolve("w.safetensors");
    Weights weights = Weights.initialise(spec, 7, scope);
    weights.write(file, Map.of());
    Weights.check(file, spec);
    Weights read = Weights.read(file, spec, scope);
    assertThat(read.all()).isEqualTo(weights.all());
    assertThat(Weights.initialise(spec, 7, scope).all()).isEqualTo(weights.all());
  }

  @Test
  void initialise_transformer_followsPyTorchsConventions() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{family: vit, width: 64, heads: 4, mlp: 32, depth: 1, classes: 3,"
                + " input: {shape: [3, 32, 32]}}",
            "test");
    Weights weights = Weights.initialise(spec, 7, scope);
    NDArray positions = weights.get("levels.0.2.weight");
    double deviation = Math.sqrt(positions.square().mean().getFloat());
    assertThat(deviation).isBetween(0.019, 0.021);
    assertThat(weights.get("levels.0.1.weight").abs().max().getFloat()).isBetween(0.02f, 0.1f);
    assertThat(weights.get("levels.0.3.body.0.weight").toFloatArray()).containsOnly(1f);
    assertThat(weights.get("levels.0.3.body.0.bias").toFloatArray()).containsOnly(0f);
    assertThat(weights.get("levels.0.3.body.1.query.weight").abs().max().getFloat())
        .isBetween(0.12f, 0.125f);
    assertThat(weights.get("levels.0.4.body.3.bias").abs().max().getFloat())
        .isBetween(0.15f, (float) (1 / Math.sqrt(32)));
  }

  @Test
  void copy_changed_leavesTheOriginalAsItWas() {
    Weights original = Weights.initialise(SMALL, 7, scope);
    float[] before = original.get("levels.0.1.weight").toFloatArray();

    original.copy(scope).get("levels.0.1.weight").muli(3);

    assertThat(original.get("levels.0.1.weight").toFloatArray()).containsExactly(before);
  }

  @Test
  void initialise_sameSeed_sameBits() {
    NDArray a = Weights.initialise(SMALL, 7, scope).get("levels.0.1.weight");
    NDArray b = Weights.initialise(SMALL, 7, scope).get("levels.0.1.weight");
    NDArray c = Weights.initialise(SMALL, 8, scope).get("levels.0.1.weight");
    assertThat(a.toFloatArray()).isEqualTo(b.toFloatArray()).isNotEqualTo(c.toFloatArray());
    assertThat(a.abs().max().getFloat()).isLessThanOrEqualTo((float) (1 / Math.sqrt(5)));
  }

  @Test
  void read_batchNorm_carriesPyTorchsCounter() {
    NetworkSpec spec =
        new NetworkSpec(
            SMALL.input(), java.util.List.of(java.util.List.of(new Linear(3), new BatchNorm())));
    Path file = folder.resolve("bn.safetensors");
    Weights.initialise(spec, 1, scope).write(file, Map.of());
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      assertThat(tensors.tensors()).containsKey("levels.0.1.num_batches_tracked");
    }
    assertThat(Weights.read(file, spec, scope).get("levels.0.1.running_var").toFloatArray())
        .containsOnly(1f);
  }

  @Test
  void read_otherNetwork_namesTheTensorAndBothShapes() {
    Path file = folder.resolve("w.safetensors");
    Weights.initialise(mlp(6), 7, scope).write(file, Map.of());
    assertRefused(file)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("levels.0.1.weight")
        .hasMessageContaining("[6, 5]")
        .hasMessageContaining("[4, 5]");
  }

  @Test
  void read_notANumber_refused() {
    Path file = folder.resolve("w.safetensors");
    Weights weights = Weights.initialise(SMALL, 7, scope);
    NDArray bias = weights.get("levels.1.1.bias");
    bias.set(new float[] {1, Float.NaN, 2});
    weights.write(file, Map.of());
    assertRefused(file)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("tensor levels.1.1.bias: value 1 is NaN");
  }

  @Test
  void read_truncatedAnywhere_refused() throws IOException {
    Path file = folder.resolve("w.safetensors");
    Weights.initialise(SMALL, 7, scope).write(file, Map.of());
    byte[] whole = Files.readAllBytes(file);
    Path cut = folder.resolve("cut.safetensors");
    for (int length = 0; length < whole.length; length += 13) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertRefused(cut)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith(cut.toString());
    }
  }

  @Test
  void read_foreignFiles_refused() throws IOException {
    Path file = folder.resolve("foreign");
    for (String content : new String[] {"", "PK\u0003\u0004 a zip file", "x".repeat(5000)}) {
      Files.writeString(file, content);
      assertRefused(file)
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("no safetensors file");
    }
    assertRefused(folder.resolve("none"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no such file");
  }

  /** Read or only checked: the same words. */
  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path file) {
    Throwable read = catchThrowable(() -> Weights.read(file, SMALL, scope));
    return assertThatThrownBy(() -> Weights.check(file, SMALL))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(read.getMessage());
  }
}

package io.neurograft.coordinator.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.tensor.Compute;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WeightedMeanTest {
  private static final NetworkSpec NETWORK =
      NetworkSpec.parse(
          """
          input: {shape: [1, 6, 6]}
          levels:
            - [{conv: {out: 3, kernel: 3}}, batchnorm]
            - [relu, flatten, {linear: 4}]
          """,
          "network");

  @TempDir Path folder;

  @BeforeAll
  static void engine() {
    Compute.start(1);
  }

  @Test
  void write_twoModels_isTheMeanByExamplesInDoublePrecision() {
    List<WeightedMean.Part> parts = parts(10, 30);
    Path target = folder.resolve("mean.safetensors");
    WeightedMean.write(NETWORK, parts, target, Map.of("round", "1"));
    try (NDManager scope = Compute.newManager();
        Weights mean = Weights.read(target, NETWORK, scope);
        Weights first = Weights.read(parts.get(0).file(), NETWORK, scope);
        Weights second = Weights.read(parts.get(1).file(), NETWORK, scope)) {
      for (String name : NETWORK.parameters().keySet()) {
        float[] a = first.get(name).toFloatArray();
        float[] b = second.get(name).toFloatArray();
        float[] found = mean.get(name).toFloatArray();
        for (int i = 0; i < found.length; i++) {
          assertThat(found[i]).isEqualTo((float) ((10.0 * a[i] + 30.0 * b[i]) / 40.0));
        }
      }
    }
    try (SafetensorsFile file = SafetensorsFile.open(target)) {
      assertThat(file.metadata()).containsEntry("round", "1");
    }
  }

  @Test
  void write_sameParts_givesTheSameBytes() throws Exception {
    List<WeightedMean.Part> parts = parts(1, 2, 3);
    WeightedMean.write(NETWORK, parts, folder.resolve("one"), Map.of("a", "b"));
    WeightedMean.write(NETWORK, parts, folder.resolve("two"), Map.of("a", "b"));
    assertThat(Files.mismatch(folder.resolve("one"), folder.resolve("two"))).isEqualTo(-1);
  }

  @Test
  void write_inPiecesOfAnySize_givesTheSameBytes() throws Exception {
    List<WeightedMean.Part> parts = parts(2, 5);
    Path whole = folder.resolve("whole");
    WeightedMean.write(NETWORK, parts, whole, Map.of());
    for (int piece : new int[] {1, 7, 50}) {
      Path target = folder.resolve("in-" + piece);
      WeightedMean.write(NETWORK, parts, target, Map.of(), piece);
      assertThat(Files.mismatch(whole, target)).as("pieces of %d", piece).isEqualTo(-1);
    }
  }

  @Test
  void write_oneModel_isThatModel() {
    List<WeightedMean.Part> parts = parts(7);
    Path target = folder.resolve("same");
    WeightedMean.write(NETWORK, parts, target, Map.of());
    try (NDManager scope = Compute.newManager();
        Weights mean = Weights.read(target, NETWORK, scope);
        Weights only = Weights.read(parts.get(0).file(), NETWORK, scope)) {
      NETWORK
          .parameters()
          .keySet()
          .forEach(
              name ->
                  assertThat(mean.get(name).toFloatArray())
                      .isEqualTo(only.get(name).toFloatArray()));
    }
  }

  private List<WeightedMean.Part> parts(double... weights) {
    List<WeightedMean.Part> parts = new ArrayList<>();
    try (NDManager scope = Compute.newManager()) {
      for (int i = 0; i < weights.length; i++) {
        Path file = folder.resolve("part-" + i);
        Weights.initialise(NETWORK, i, scope).write(file, Map.of());
        parts.add(new WeightedMean.Part(file, weights[i]));
      }
    }
    return parts;
  }
}

package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.neurograft.neural.Shared;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Reads the real MNIST where it is at hand. */
class SharedDataTest {
  @Test
  void open_mnist_countsAndMeanAsPublished() {
    Path folder = Shared.folder("data/mnist");
    Dataset test = DataUri.open("mnist:" + folder, Split.TEST);
    assertThat(test.size()).isEqualTo(10_000);
    assertThat(test.classCounts())
        .containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
    double sum = 0;
    float[] values = new float[test.exampleSize()];
    for (int i = 0; i < test.size(); i++) {
      test.read(i, values, 0);
      for (float value : values) {
        sum += value;
      }
    }
    assertThat(sum / test.size() / values.length).isBetween(0.1324, 0.1326);
    assertThat(DataUri.open("mnist:" + folder, Split.TRAIN).size()).isEqualTo(60_000);
  }
}

package io.neurograft.neural.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ConfusionTest {
  @Test
  void of_anyNetwork_countsEveryExampleOnceAndWhatIsRightOnTheDiagonal() {
    Compute.start(1);
    NetworkSpec spec =
        NetworkSpec.parse(
            "{family: mlp, widths: [8], classes: 10, input: {shape: [1, 28, 28]}}", "test");
    Dataset data = DataUri.open("glyphs?train=20&test=300", Split.TEST);
    try (NDManager scope = Compute.newManager();
        Weights weights = Weights.initialise(spec, 1, scope)) {
      Network network = new Network(spec, weights);
      long[][] counts = Confusion.of(network, data);
      Evaluation evaluation = Evaluation.of(network, data, Progress.NONE);
      for (int c = 0; c < 10; c++) {
        assertThat(Arrays.stream(counts[c]).sum())
            .isEqualTo(evaluation.perClass().get(c).examples());
        assertThat(counts[c][c]).isEqualTo(evaluation.perClass().get(c).correct());
      }
    }
  }
}

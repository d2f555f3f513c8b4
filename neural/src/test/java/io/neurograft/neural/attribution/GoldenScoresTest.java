package io.neurograft.neural.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.neurograft.neural.Progress;
import io.neurograft.neural.Shared;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.tensor.Compute;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scores that NI's own code gave its published members, on the same images. */
class GoldenScoresTest {
  @BeforeAll
  static void start() {
    Compute.start(1);
  }

  @ParameterizedTest
  @CsvSource({"CONDUCTANCE,0.02", "DEEPLIFT,1e-5"})
  void score_publishedMembers_agreeWithThePapersCode(ScoreMethod method, double slack)
      throws IOException {
    Path fixture = Shared.folder("fixtures/mnist-mlp-k2");
    Dataset images = DataUri.open("mnist:" + Shared.folder("data/mnist"), Split.TRAIN);
    int[] indices = fusionIndices(fixture);
    NetworkSpec spec = NetworkSpec.read(fixture.resolve("network.yaml"));
    try (NDManager scope = Compute.newManager();
        SafetensorsFile golden =
            SafetensorsFile.open(fixture.resolve("golden_scores_seed42.safetensors"))) {
      for (int member = 0; member < 2; member++) {
        Path file = fixture.resolve("member_" + member + ".safetensors");
        Network network = new Network(spec, Weights.read(file, spec, scope));
        Scores scores = Attribution.score(network, images, indices, method, 10, Progress.NONE);
        for (int level = 0; level < spec.levelCount(); level++) {
          String word = method.name().toLowerCase(Locale.ROOT);
          double[] found = scores.group(level);
          String name = word + ".member_" + member + ".level_" + level;
          double[] expected = read(golden, name, found.length);
          double sum = Arrays.stream(expected).sum();
          assertThat(Arrays.stream(found).sum()).isCloseTo(sum, within(slack * sum));
          assertThat(rankCorrelation(found, expected)).isGreaterThan(0.995);
        }
      }
    }
  }

  private static int[] fusionIndices(Path fixture) throws IOException {
    JsonNode expected = new ObjectMapper().readTree(fixture.resolve("expected.json").toFile());
    return StreamSupport.stream(expected.at("/fusionIndices/42").spliterator(), false)
        .mapToInt(JsonNode::intValue)
        .toArray();
  }

  private static double[] read(SafetensorsFile file, String name, int units) {
    float[] values = new float[units];
    file.read(name, FloatBuffer.wrap(values));
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }

  /** Spearman's: the correlation of ranks. */
  private static double rankCorrelation(double[] a, double[] b) {
    int[] x = ranks(a);
    int[] y = ranks(b);
    double n = a.length;
    double squares = IntStream.range(0, a.length).mapToDouble(i -> Math.pow(x[i] - y[i], 2)).sum();
    return 1 - 6 * squares / (n * (n * n - 1));
  }

  private static int[] ranks(double[] values) {
    int[] order =
        IntStream.range(0, values.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] ranks = new int[values.length];
    for (int rank = 0; rank < order.length; rank++) {
      ranks[order[rank]] = rank;
    }
    return ranks;
  }
}

package io.neurograft.simulator.baseline;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.TrainingSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BaselineTrainingTest {
  private static final String DATA = "glyphs?train=600&test=300";
  private static final Dataset TRAIN = DataUri.open(DATA, Split.TRAIN);
  private static final Dataset TEST = DataUri.open(DATA, Split.TEST);
  private static final NetworkSpec MLP =
      NetworkSpec.parse(
          "{family: mlp, widths: [24], classes: 10,"
              + " input: {shape: [1, 28, 28], mean: [0.1], std: [0.3]}}",
          "test");

  /** One step over all examples of a site: its mean gradient, with neither momentum nor order. */
  private static final TrainingSettings STEP =
      new TrainingSettings(Optimizer.SGD, 0.1, 0, 0, 1 << 20, 1);

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

  @Test
  void fedAvg_oneFullStepARound_isGradientDescentOnThePooledExamples() {
    List<Dataset> shards = List.of(between(0, 100), between(100, 400), between(400, 600));
    Weights average = train(STEP, new Baseline.FedAvg(4, 1), shards);
    Weights pooled = train(STEP, new Baseline.Pooled(4), shards);
    average
        .all()
        .forEach((name, array) -> assertThat(distance(array, pooled.get(name))).isLessThan(1e-5f));
  }

  @Test
  void fedAvg_shareOfASite_isThatOfItsExamples() {
    // A site of a single example among 500 others hardly moves the mean.
    Weights alone = train(STEP, new Baseline.FedAvg(1, 1), List.of(between(0, 500)));
    Weights both =
        train(STEP, new Baseline.FedAvg(1, 1), List.of(between(0, 500), between(500, 501)));
    Weights start = Weights.initialise(MLP, 3, scope);
    alone
        .all()
        .forEach(
            (name, array) ->
                assertThat(distance(array, both.get(name)))
                    .isPositive()
                    .isLessThan(0.2f * distance(array, start.get(name))));
  }

  @Test
  void run_sitesOfFewClasses_bothBaselinesKnowAllClassesTheSameTwice() {
    TrainingSettings settings = new TrainingSettings(Optimizer.ADAM, 2e-3, 0, 0, 32, 1);
    List<Dataset> shards = List.of(ofClasses(0, 5), ofClasses(5, 10));
    List<Baseline> baselines = List.of(new Baseline.FedAvg(6, 1), new Baseline.Pooled(6));
    BaselineTraining training = new BaselineTraining(MLP, settings, 3);

    List<Double> fractions = new ArrayList<>();
    List<BaselineResult> first =
        training.run(baselines, shards, TEST, (fraction, phase) -> fractions.add(fraction));
    List<BaselineResult> second = training.run(baselines, shards, TEST, Progress.NONE);

    assertThat(first)
        .extracting(BaselineResult::baseline)
        .containsExactly("fedavg, 6 rounds", "pooled, 6 epochs");
    // Whoever has seen five of ten classes gets half of the examples wrong.
    assertThat(first).allSatisfy(r -> assertThat(r.accuracy()).isGreaterThan(0.55));
    assertThat(first.get(1).accuracy()).isGreaterThan(0.7);
    assertThat(second).usingRecursiveComparison().ignoringFields("seconds").isEqualTo(first);
    assertThat(fractions).isSorted().endsWith(1.0);
  }

  private Weights train(TrainingSettings settings, Baseline baseline, List<Dataset> shards) {
    return new BaselineTraining(MLP, settings, 3).train(baseline, shards, scope, Progress.NONE);
  }

  private static float distance(NDArray a, NDArray b) {
    return a.sub(b).abs().max().getFloat();
  }

  private static Dataset between(int from, int to) {
    return TRAIN.subset(IntStream.range(from, to).toArray());
  }

  private static Dataset ofClasses(int from, int to) {
    return TRAIN.subset(
        IntStream.range(0, TRAIN.size())
            .filter(i -> TRAIN.label(i) >= from && TRAIN.label(i) < to)
            .toArray());
  }
}

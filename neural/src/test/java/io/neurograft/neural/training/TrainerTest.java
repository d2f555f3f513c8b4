package io.neurograft.neural.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.Progress;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
  private static final NetworkSpec MLP = spec("{family: mlp, widths: [32]");
  private static final NetworkSpec NORMED =
      NetworkSpec.parse(
          "{input: {shape: [1, 28, 28], mean: [0.1], std: [0.3]}, levels: ["
              + "[{conv: {out: 4, kernel: 3, stride: 2}}, batchnorm],"
              + "[relu, flatten, {dropout: 0.2}, {linear: 10}]]}",
          "test");

  @BeforeAll
  static void start() {
    Compute.start(1);
  }

  private static NetworkSpec spec(String family) {
    return NetworkSpec.parse(
        family + ", classes: 10, input: {shape: [1, 28, 28], mean: [0.1], std: [0.3]}}", "test");
  }

  private static TrainingSettings settings(Optimizer optimizer) {
    double rate = optimizer == Optimizer.SGD ? 0.05 : 2e-3;
    return new TrainingSettings(optimizer, rate, 0.9, 1e-4, 50, 3);
  }

  private static float[] train(NetworkSpec spec, Optimizer optimizer, long seed) {
    return train(spec, settings(optimizer), seed);
  }

  private static float[] train(NetworkSpec spec, TrainingSettings settings, long seed) {
    Dataset data = DataUri.open("glyphs?train=500&test=50", Split.TRAIN);
    try (NDManager scope = Compute.newManager()) {
      Network network = new Network(spec, Weights.initialise(spec, 1, scope));
      Trainer.train(network, data, settings, seed, Progress.NONE);
      List<NDArray> flat =
          network.weights().all().values().stream().map(a -> a.duplicate().flatten()).toList();
      return ai.djl.ndarray.NDArrays.concat(new ai.djl.ndarray.NDList(flat)).toFloatArray();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{family: resnet18, widths: [6, 12], blocks: 1",
        "{family: resnet18, widths: [6, 12], blocks: 1, batchnorm: false",
        "{family: vit, width: 12, heads: 3, mlp: 16, depth: 2, patch: 7"
      })
  void train_residualsAndAttention_learn(String family) {
    NetworkSpec spec = spec(family);
    Dataset train = DataUri.open("glyphs?train=60&test=50", Split.TRAIN);
    try (NDManager scope = Compute.newManager()) {
      Network network = new Network(spec, Weights.initialise(spec, 1, scope));
      Evaluation before = Evaluation.of(network, train, Progress.NONE);
      TrainingSettings settings = new TrainingSettings(Optimizer.ADAM, 1e-2, 0, 0, 10, 10);
      Trainer.train(network, train, settings, 2, Progress.NONE);
      Evaluation after = Evaluation.of(network, train, Progress.NONE);
      assertThat(after.loss()).isLessThan(0.9 * before.loss());
    }
  }

  @ParameterizedTest
  @EnumSource(Optimizer.class)
  void train_glyphs_learns(Optimizer optimizer) {
    Dataset train = DataUri.open("glyphs?train=1500&test=500", Split.TRAIN);
    Dataset test = DataUri.open("glyphs?train=1500&test=500", Split.TEST);
    try (NDManager scope = Compute.newManager()) {
      Network network = new Network(MLP, Weights.initialise(MLP, 1, scope));
      Evaluation before = Evaluation.of(network, test, Progress.NONE);
      Trainer.train(network, train, settings(optimizer), 2, Progress.NONE);
      Evaluation after = Evaluation.of(network, test, Progress.NONE);
      assertThat(before.accuracy()).isLessThan(0.3);
      assertThat(after.accuracy()).isGreaterThan(0.75);
      assertThat(after.loss()).isLessThan(before.loss());
      assertThat(after.perClass()).hasSize(10);
      assertThat(after.perClass().stream().mapToLong(Evaluation.ClassCount::correct).sum())
          .isEqualTo(after.correct());
    }
  }

  @ParameterizedTest
  @EnumSource(Optimizer.class)
  void train_sameSeed_sameBits(Optimizer optimizer) {
    float[] first = train(NORMED, optimizer, 9);
    assertThat(train(NORMED, optimizer, 9)).isEqualTo(first);
    assertThat(train(NORMED, optimizer, 10)).isNotEqualTo(first);
  }

  @Test
  void train_besideOtherTrainings_sameBits() throws Exception {
    float[] alone = train(NORMED, Optimizer.SGD, 9);
    ExecutorService pool = Executors.newFixedThreadPool(2, Compute.threads("train"));
    try {
      List<Callable<float[]>> work = new ArrayList<>();
      work.add(() -> train(NORMED, Optimizer.SGD, 9));
      work.add(() -> train(MLP, Optimizer.ADAM, 4));
      List<Future<float[]>> done = pool.invokeAll(work);
      assertThat(done.get(0).get()).isEqualTo(alone);
      assertThat(done.get(1).get()).isNotEmpty();
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void train_onNewThreads_sameBits() throws Exception {
    // of sizes at which products of matrices by two threads have other last bits than by one
    NetworkSpec narrow = spec("{family: mlp, widths: [16]");
    TrainingSettings small = new TrainingSettings(Optimizer.SGD, 0.05, 0.9, 0, 16, 2);
    float[] here = train(narrow, small, 9);
    for (int i = 0; i < 3; i++) { // each is the first work of its thread
      ExecutorService thread = Executors.newSingleThreadExecutor(Compute.threads("train"));
      try {
        assertThat(thread.submit(() -> train(narrow, small, 9)).get()).isEqualTo(here);
      } finally {
        thread.shutdownNow();
      }
    }
  }

  @Test
  void train_normedLevel_movesRunningStatisticsByATenth() {
    Dataset data = DataUri.open("glyphs?train=50&test=10", Split.TRAIN);
    try (NDManager scope = Compute.newManager()) {
      Network network = new Network(NORMED, Weights.initialise(NORMED, 1, scope));
      // a learning rate of next to nothing: only the statistics move
      TrainingSettings still = new TrainingSettings(Optimizer.SGD, 1e-9, 0, 0, 50, 1);
      Trainer.train(network, data, still, 1, Progress.NONE);
      float once = network.weights().get("levels.0.1.running_var").getFloat(0);
      Trainer.train(network, data, still, 1, Progress.NONE);
      float twice = network.weights().get("levels.0.1.running_var").getFloat(0);
      double variance = (once - 0.9) / 0.1;
      assertThat((double) twice).isCloseTo(0.9 * once + 0.1 * variance, within(1e-4));
    }
  }

  @Test
  void train_absurdLearningRate_saysWhatToDo() {
    Dataset data = DataUri.open("glyphs?train=500&test=10", Split.TRAIN);
    try (NDManager scope = Compute.newManager()) {
      Network network = new Network(MLP, Weights.initialise(MLP, 1, scope));
      TrainingSettings absurd = new TrainingSettings(Optimizer.SGD, 1e3, 0.9, 0, 10, 20);
      assertThatThrownBy(() -> Trainer.train(network, data, absurd, 1, Progress.NONE))
          .isInstanceOf(TrainingDivergedException.class)
          .hasMessageContaining("learning rate");
    }
  }

  @Test
  void ofEnsemble_oneMember_isThatMember() {
    Dataset data = DataUri.open("glyphs?train=10&test=300", Split.TEST);
    try (NDManager scope = Compute.newManager()) {
      Network network = new Network(MLP, Weights.initialise(MLP, 1, scope));
      Evaluation alone = Evaluation.of(network, data, Progress.NONE);
      Evaluation ensemble = Evaluation.ofEnsemble(List.of(network, network), data, Progress.NONE);
      assertThat(ensemble.correct()).isEqualTo(alone.correct());
      assertThat(ensemble.loss()).isCloseTo(alone.loss(), within(1e-5));
    }
  }

  @Test
  void evaluate_otherShape_namesBoth() {
    Dataset data = DataUri.open("glyphs?train=10&test=10", Split.TEST);
    NetworkSpec other =
        NetworkSpec.parse("{family: lenet5, classes: 10, input: {shape: [3, 32, 32]}}", "test");
    try (NDManager scope = Compute.newManager()) {
      Network network = new Network(other, Weights.initialise(other, 1, scope));
      assertThatThrownBy(() -> Evaluation.of(network, data, Progress.NONE))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("[1, 28, 28]")
          .hasMessageContaining("[3, 32, 32]");
    }
  }
}

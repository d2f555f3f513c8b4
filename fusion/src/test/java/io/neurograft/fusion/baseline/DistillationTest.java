package io.neurograft.fusion.baseline;

import static io.neurograft.fusion.TestNetworks.lenet5;
import static io.neurograft.fusion.TestNetworks.mlp;
import static io.neurograft.fusion.TestNetworks.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Evaluation;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.Trainer;
import io.neurograft.neural.training.TrainingSettings;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DistillationTest {
  private static final String DATA = "glyphs?train=1000&test=500";
  private static final Dataset TRAIN = DataUri.open(DATA, Split.TRAIN);
  private static final Dataset TEST = DataUri.open(DATA, Split.TEST);

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
  void distil_membersOfTheirOwnClasses_knowsThoseOfBothWithoutALabel() {
    Network low = trained(mlp(24), 0, 5);
    Network high = trained(mlp(40), 5, 10);
    Dataset unlabelled = relabelled(TRAIN);

    Network student = distil(mlp(32), List.of(low, high), unlabelled, 30);

    double ensemble = Evaluation.ofEnsemble(List.of(low, high), TEST, Progress.NONE).accuracy();
    assertThat(accuracy(low)).isLessThan(0.55);
    assertThat(accuracy(high)).isLessThan(0.55);
    assertThat(accuracy(student)).isGreaterThan(ensemble - 0.05).isGreaterThan(0.55);
  }

  @Test
  void targets_temperatureOne_areTheMeanOfTheMembersSoftmaxes() {
    List<Network> members = List.of(random(mlp(6), 1, scope), random(lenet5(3, 4, 9, 8), 2, scope));
    float[] targets =
        new Distillation(1, 1).targets(members, TRAIN.subset(first(70)), scope, Progress.NONE);

    double loss = 0;
    for (int i = 0; i < 70; i++) {
      double sum = IntStream.range(10 * i, 10 * i + 10).mapToDouble(j -> targets[j]).sum();
      assertThat(sum).isCloseTo(1, within(1e-5));
      loss -= Math.log(targets[10 * i + TRAIN.label(i)]) / 70;
    }
    Evaluation ensemble = Evaluation.ofEnsemble(members, TRAIN.subset(first(70)), Progress.NONE);
    assertThat(loss).isCloseTo(ensemble.loss(), within(1e-4));
  }

  @Test
  void targets_higherTemperature_areSofter() {
    List<Network> members = List.of(random(mlp(6), 1, scope));
    Dataset few = TRAIN.subset(first(20));
    float[] sharp = new Distillation(1, 1).targets(members, few, scope, Progress.NONE);
    float[] soft = new Distillation(1, 5).targets(members, few, scope, Progress.NONE);
    for (int i = 0; i < 20; i++) {
      assertThat(largest(soft, i)).isLessThan(largest(sharp, i)).isGreaterThan(0.1f);
    }
  }

  @Test
  void distil_anyNetwork_leavesOnlyItsResultInTheCallersScope() {
    Network member = random(mlp(6), 1, scope);
    int before = scope.getManagedArrays().size();
    Network student = distil(mlp(5), List.of(member), TRAIN.subset(first(50)), 1);
    student.weights().close();
    assertThat(scope.getManagedArrays()).hasSize(before);
  }

  private Network distil(NetworkSpec spec, List<Network> members, Dataset examples, int epochs) {
    Weights weights =
        new Distillation(epochs, 2)
            .distil(spec, members, examples, 7, scope, new PhaseTimes(() -> 0), Progress.NONE);
    return new Network(spec, weights);
  }

  /** A member that has seen the classes from one to below another. */
  private Network trained(NetworkSpec spec, int from, int to) {
    int[] own =
        IntStream.range(0, TRAIN.size())
            .filter(i -> TRAIN.label(i) >= from && TRAIN.label(i) < to)
            .toArray();
    Network network = new Network(spec, Weights.initialise(spec, from, scope));
    TrainingSettings settings = new TrainingSettings(Optimizer.ADAM, 2e-3, 0, 0, 32, 10);
    Trainer.train(network, TRAIN.subset(own), settings, from, Progress.NONE);
    return network;
  }

  private static double accuracy(Network network) {
    return Evaluation.of(network, TEST, Progress.NONE).accuracy();
  }

  private static float largest(float[] targets, int example) {
    float largest = 0;
    for (int c = 0; c < 10; c++) {
      largest = Math.max(largest, targets[10 * example + c]);
    }
    return largest;
  }

  private static int[] first(int count) {
    return IntStream.range(0, count).toArray();
  }

  /** The same examples, all said to be of class 0. */
  private static Dataset relabelled(Dataset data) {
    return new Dataset() {
      @Override
      public List<Integer> shape() {
        return data.shape();
      }

      @Override
      public List<String> classNames() {
        return data.classNames();
      }

      @Override
      public int size() {
        return data.size();
      }

      @Override
      public int label(int index) {
        return 0;
      }

      @Override
      public void read(int index, float[] target, int offset) {
        data.read(index, target, offset);
      }
    };
  }
}

package io.neurograft.fusion.transplant;

import static io.neurograft.fusion.TestNetworks.lenet5;
import static io.neurograft.fusion.TestNetworks.mlp;
import static io.neurograft.fusion.TestNetworks.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.Trainer;
import io.neurograft.neural.training.TrainingSettings;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DiversityTest {
  private static final NetworkSpec FOUR_INPUTS =
      NetworkSpec.parse("{family: mlp, widths: [64, 64], classes: 3, input: {shape: [4]}}", "test");

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

  @ParameterizedTest
  @MethodSource("io.neurograft.fusion.transplant.Donors#architectures")
  void nearDuplicates_aMemberInAnotherOrder_isFoundAmongStrangers(NetworkSpec spec) {
    Network member = random(spec, 1, scope);
    Network copy = Donors.shuffled(member, 3, scope);

    List<NearDuplicate> pairs =
        Diversity.nearDuplicates(
            List.of(random(spec, 2, scope), member, random(spec, 4, scope), copy), scope);

    assertThat(pairs).hasSize(1);
    assertThat(pairs.get(0).first()).isEqualTo(1);
    assertThat(pairs.get(0).second()).isEqualTo(3);
    assertThat(pairs.get(0).cosine()).isCloseTo(1, within(1e-5));
  }

  @Test
  void nearDuplicates_aNoisyCopy_isFound() {
    Network member = random(lenet5(4, 6, 20, 12), 1, scope);
    Network copy = Donors.noisy(Donors.shuffled(member, 3, scope), 0.5, 4, scope);

    assertThat(Diversity.nearDuplicates(List.of(member, copy), scope))
        .singleElement()
        .satisfies(pair -> assertThat(pair.cosine()).isBetween(0.6, 0.95));
  }

  /** Units of few inputs match by chance; what reads them does not. */
  @Test
  void nearDuplicates_strangersOfFourInputs_areNone() {
    Network one = random(FOUR_INPUTS, 1, scope);
    Network other = random(FOUR_INPUTS, 2, scope);

    double first = Matching.of(new UnitMatching(one, other, scope).cosines(0)).mean();

    assertThat(first).isGreaterThan(Diversity.ALIKE);
    assertThat(Diversity.nearDuplicates(List.of(one, other), scope)).isEmpty();
  }

  @Test
  void nearDuplicates_trainedOnward_isFoundAndTrainedAnewIsNot() {
    Dataset digits = DataUri.open("glyphs?train=1000&test=10", Split.TRAIN);
    Network member = trained(random(mlp(32), 1, scope), digits);
    Network onward = new Network(member.spec(), member.weights().copy(scope));
    trained(onward, digits);
    Network anew = trained(random(mlp(32), 2, scope), digits);

    assertThat(Diversity.nearDuplicates(List.of(member, onward, anew), scope))
        .singleElement()
        .satisfies(pair -> assertThat(pair.second()).isEqualTo(1));
  }

  @Test
  void nearDuplicates_aWiderCopy_isFound() {
    Network member = random(mlp(12, 8), 1, scope);
    Network crumbs = random(mlp(2, 2), 2, scope);
    Network wider = Donors.concatenate(List.of(member, crumbs), scope);

    assertThat(Diversity.nearDuplicates(List.of(member, wider), scope)).hasSize(1);
    assertThat(Diversity.nearDuplicates(List.of(wider, member), scope)).hasSize(1);
  }

  private static Network trained(Network network, Dataset data) {
    TrainingSettings settings = new TrainingSettings(Optimizer.SGD, 0.05, 0.9, 0, 64, 2);
    Trainer.train(network, data, settings, 1, Progress.NONE);
    return network;
  }
}

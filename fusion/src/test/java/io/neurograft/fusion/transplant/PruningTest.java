package io.neurograft.fusion.transplant;

import static io.neurograft.fusion.TestNetworks.difference;
import static io.neurograft.fusion.TestNetworks.lenet5;
import static io.neurograft.fusion.TestNetworks.mlp;
import static io.neurograft.fusion.TestNetworks.random;
import static io.neurograft.fusion.transplant.Donors.concatenate;
import static io.neurograft.fusion.transplant.Donors.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PruningTest {
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
  @EnumSource(Ranking.class)
  void jointly_oneMemberOfNothing_keepsTheOtherWhole(Ranking ranking) {
    NetworkSpec spec = lenet5(4, 6, 20, 12);
    Network strong = random(spec, 1, scope);
    Network weak = random(spec, 2, scope);
    weak.weights().all().values().forEach(w -> w.muli(1e-4));
    Scores low = constant(spec, 0.1f);

    Weights pruned =
        jointly(
            spec,
            List.of(Donor.of(0, weak, low), Donor.of(1, strong, Scores.uniform(spec))),
            ranking);

    NDArray kernel = strong.weights().get("levels.1.2.weight");
    assertThat(pruned.get("levels.1.2.weight")).isEqualTo(kernel);
    assertThat(
            difference(
                pruned.get("levels.4.1.weight").mul(2), strong.weights().get("levels.4.1.weight")))
        .isLessThan(1e-6);
  }

  @ParameterizedTest
  @MethodSource("io.neurograft.fusion.transplant.Donors#architectures")
  void jointly_toAllUnits_isTheConcatenation(NetworkSpec spec) {
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    Network wide = concatenate(members, scope);

    Weights all = jointly(wide.spec(), Donors.of(members), Ranking.MAGNITUDE);

    wide.weights().all().forEach((name, w) -> assertThat(all.get(name)).isEqualTo(w));
  }

  /** Three members of width 8 leave 8 units, whatever 1 - 1/3 rounds to. */
  @Test
  void jointly_threeMembers_keepsTheUnitsOfLargestNorm() {
    NetworkSpec spec = mlp(8);
    List<Network> members = IntStream.range(0, 3).mapToObj(k -> random(spec, k, scope)).toList();

    Weights pruned = jointly(spec, Donors.of(members), Ranking.INCOMING);

    List<Double> all = new ArrayList<>();
    members.forEach(m -> all.addAll(norms(m.weights())));
    all.sort(Collections.reverseOrder());
    List<Double> kept = new ArrayList<>(norms(pruned));
    kept.sort(Collections.reverseOrder());
    assertThat(kept).isEqualTo(all.subList(0, 8));
  }

  @Test
  void requireFit_batchNormBehindTheHead_isRefused() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{input: {shape: [3]}, levels: [[{linear: 4}], [relu, {linear: 2}, batchnorm]]}",
            "test");

    assertThatThrownBy(() -> Transplantation.requireFit(spec))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("batchnorm");
  }

  /** Of two members of which one is next to nothing, the other is left. */
  @ParameterizedTest
  @MethodSource("io.neurograft.fusion.transplant.Donors#architectures")
  void jointly_oneMemberOfNothing_leavesTheOtherOnAnyArchitecture(NetworkSpec spec) {
    Network strong = random(spec, 1, scope);
    Network weak = random(spec, 2, scope);
    weak.weights().all().values().forEach(w -> w.muli(1e-4));

    Weights pruned = jointly(spec, Donors.of(List.of(weak, strong)), Ranking.MAGNITUDE);

    String head = Shares.headWeight(spec).replace("weight", "");
    pruned
        .all()
        .forEach(
            (name, array) -> {
              NDArray expected = strong.weights().get(name).mul(name.startsWith(head) ? 0.5 : 1);
              assertThat(difference(array, expected)).as(name).isLessThan(1e-3);
            });
  }

  private static List<Double> norms(Weights weights) {
    NDArray w = weights.get("levels.0.1.weight");
    List<Double> norms = new ArrayList<>();
    for (float norm : w.square().sum(new int[] {1}).toFloatArray()) {
      norms.add((double) norm);
    }
    return norms;
  }

  /** What reads a unit that is gone does not speak for it any more. */
  @Test
  void jointly_aUnitThatOnlyPrunedUnitsRead_isPruned() {
    NetworkSpec spec = mlp(1, 1);
    Network loud = zeros(spec);
    Network quiet = zeros(spec);
    set(loud, 1, 10, 0); // in, between, out: its second unit scores 10 x 10
    set(quiet, 2, 1, 100); // its second unit scores (100 / 2) squared

    Weights pruned = jointly(spec, Donors.of(List.of(loud, quiet)), Ranking.MAGNITUDE);

    // By all its weights the first unit of loud would win, 1 + 100 against 4 + 1.
    assertThat(pruned.get("levels.0.1.weight").max().getFloat()).isEqualTo(2);
    assertThat(pruned.get("levels.1.1.weight").getFloat()).isEqualTo(1);
  }

  @Test
  void apart_membersOfOtherWidths_keepsTheBestOfEachInProportion() {
    List<Network> members = List.of(random(mlp(8), 1, scope), random(mlp(4), 2, scope));

    Weights pruned =
        Pruning.apart(mlp(6), Donors.of(members), Ranking.INCOMING, scope).network().weights();

    List<Double> expected = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      List<Double> own = new ArrayList<>(norms(members.get(i).weights()));
      own.sort(Collections.reverseOrder());
      expected.addAll(own.subList(0, 4 - 2 * i));
    }
    assertThat(norms(pruned)).containsExactlyInAnyOrderElementsOf(expected);
  }

  private Weights jointly(NetworkSpec target, List<Donor> donors, Ranking ranking) {
    return Pruning.jointly(target, donors, ranking, scope).network().weights();
  }

  private Network zeros(NetworkSpec spec) {
    Network network = random(spec, 1, scope);
    network.weights().all().values().forEach(w -> w.muli(0));
    return network;
  }

  /** Sets one weight of each level of a network with one unit per level. */
  private static void set(Network network, float in, float between, float out) {
    network.weights().get("levels.0.1.weight").set(new NDIndex("0, 0"), in);
    network.weights().get("levels.1.1.weight").set(new NDIndex("0, 0"), between);
    network.weights().get("levels.2.1.weight").set(new NDIndex("0, 0"), out);
  }
}

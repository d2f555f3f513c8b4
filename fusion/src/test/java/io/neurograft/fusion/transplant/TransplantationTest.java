package io.neurograft.fusion.transplant;

import static io.neurograft.fusion.TestNetworks.difference;
import static io.neurograft.fusion.TestNetworks.inputs;
import static io.neurograft.fusion.TestNetworks.lenet5;
import static io.neurograft.fusion.TestNetworks.mlp;
import static io.neurograft.fusion.TestNetworks.random;
import static io.neurograft.fusion.TestNetworks.resnet18;
import static io.neurograft.fusion.TestNetworks.vgg11;
import static io.neurograft.fusion.TestNetworks.vit;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TransplantationTest {
  private static final Dataset DIGITS = DataUri.open("glyphs?train=1000&test=10", Split.TRAIN);
  private static final Dataset FEW = DIGITS.subset(IntStream.range(0, 64).toArray());
  private static final Dataset TEST = DataUri.open("glyphs?train=10&test=1000", Split.TEST);

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

  static Stream<Arguments> variantsAndOrders() {
    return Arrays.stream(Variant.values())
        .flatMap(v -> Arrays.stream(Order.values()).map(order -> Arguments.of(v, order)));
  }

  static Stream<Arguments> variantsThatDoNotTrain() {
    return variantsAndOrders().filter(a -> a.get()[0] != Variant.MERGE_TUNE_PRUNE);
  }

  static Stream<NetworkSpec> families() {
    return Stream.of(
        mlp(20, 12), lenet5(4, 6, 20, 12), vgg11(true, 3), resnet18(true, 3), vit(6, 3, 5));
  }

  /** One to sixteen members of other widths; some are narrower, some broader than the target. */
  @ParameterizedTest
  @MethodSource("variantsAndOrders")
  void fuse_anyNumberOfMembers_hasTheTargetsWidths(Variant variant, Order order) {
    NetworkSpec target = mlp(8, 5);
    for (int count = 1; count <= 16; count++) {
      List<Network> members = members(count);
      Weights fused = fuse(target, members, variant, order).weights();
      assertThat(fused.spec()).isEqualTo(target);
      fused.all().values().forEach(w -> assertThat(w.isNaN().any().getBoolean()).isFalse());
    }
  }

  /** Nothing is pruned then, so that only wrong shares could change the mean. */
  @ParameterizedTest
  @MethodSource("variantsThatDoNotTrain")
  void fuse_toAllUnits_computesTheMeanOfTheLogitsByWidth(Variant variant, Order order) {
    for (int count : new int[] {1, 2, 3, 5, 11, 16}) {
      List<Network> members = members(count);
      NetworkSpec wide = Donors.concatenate(members, scope).spec();
      NDArray x = inputs(wide, 4, 1, scope);

      Weights fused = fuse(wide, members, variant, order).weights();

      NDArray mean = Donors.mean(members, Shares.of(Donors.of(members)), x);
      assertThat(difference(new Network(wide, fused).forward(x), mean)).isLessThan(1e-5);
    }
  }

  /** A running network stands for all its members, however many units it has. */
  @ParameterizedTest
  @MethodSource("variantsThatDoNotTrain")
  void fuse_anyOrder_sharesTheBiasOfTheClassesByWidth(Variant variant, Order order) {
    List<Network> members = members(7);
    double[] shares = Shares.of(Donors.of(members));
    NDArray mean = scope.zeros(members.get(0).weights().get("levels.2.1.bias").getShape());
    for (int i = 0; i < shares.length; i++) {
      mean = mean.add(members.get(i).weights().get("levels.2.1.bias").mul(shares[i]));
    }

    Weights fused = fuse(mlp(8, 5), members, variant, order).weights();

    assertThat(difference(fused.get("levels.2.1.bias"), mean)).isLessThan(1e-5);
  }

  /** A first-level unit's incoming weights change in no step, so the best are best in any order. */
  @ParameterizedTest
  @EnumSource(Order.class)
  void fuse_byIncomingWeights_keepsTheSameFirstUnitsInAnyOrder(Order order) {
    List<Network> members = members(9);
    Weights fused =
        new Transplantation(Ranking.INCOMING, Variant.MERGE_PRUNE, order, Duplicates.MERGE, 1)
            .fuse(
                mlp(8, 5),
                members,
                Donors.uniform(members),
                Optional.empty(),
                1,
                scope,
                Progress.NONE)
            .weights();

    List<Double> all = new ArrayList<>();
    members.forEach(m -> all.addAll(norms(m.weights())));
    List<Double> best = all.stream().sorted((a, b) -> Double.compare(b, a)).limit(8).toList();
    assertThat(norms(fused)).containsExactlyInAnyOrderElementsOf(best);
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void fuse_deepNetworksOfOtherWidths_haveTheTargetsWidths(Order order) {
    List<NetworkSpec> residual = List.of(resnet18(true, 2), resnet18(true, 4), resnet18(true, 3));
    List<NetworkSpec> transformers = List.of(vit(4, 2, 9), vit(12, 6, 5), vit(8, 4, 2));
    for (List<NetworkSpec> specs : List.of(residual, transformers)) {
      List<Network> members = new ArrayList<>();
      specs.forEach(spec -> members.add(random(spec, members.size(), scope)));
      for (Variant variant : List.of(Variant.MERGE_PRUNE, Variant.PRUNE_MERGE)) {
        NetworkSpec target = specs.get(2);
        NDArray x = inputs(target, 2, 1, scope);
        Weights fused = fuse(target, members, variant, order).weights();
        assertThat(new Network(target, fused).forward(x).isNaN().any().getBoolean()).isFalse();
      }
    }
  }

  @Test
  void fuse_tuned_trainsAllWeightsCrossWeightsIncluded() {
    NetworkSpec spec = mlp(6, 5);
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    Weights first = members.get(0).weights().copy(scope);
    Network wide = Donors.concatenate(members, scope);

    Weights tuned = tuned(wide.spec(), members, 5);

    NDArray middle = tuned.get("levels.1.1.weight");
    assertThat(wide.weights().get("levels.1.1.weight").get("0:5, 6:").abs().max().getFloat())
        .isZero();
    assertThat(middle.get("0:5, 6:").abs().max().getFloat()).isGreaterThan(1e-4f);
    assertThat(middle.get("5:, 0:6").abs().max().getFloat()).isGreaterThan(1e-4f);
    assertThat(accuracy(new Network(wide.spec(), tuned))).isGreaterThan(accuracy(wide) + 0.1);
    first.all().forEach((n, w) -> assertThat(members.get(0).weights().get(n)).isEqualTo(w));
  }

  /** The wide network's norms keep each member's statistics while it is trained. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "family: resnet18, widths: [2, 3, 4, 5]",
        "family: vit, width: 6, heads: 3, mlp: 5, depth: 2, patch: 7",
      })
  void fuse_tunedDeepNetworks_haveTheTargetsWidths(String family) {
    NetworkSpec spec =
        NetworkSpec.parse("{" + family + ", classes: 10, input: {shape: [1, 28, 28]}}", "test");
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));

    Weights fused = fuse(spec, members, Variant.MERGE_TUNE_PRUNE, Order.SIMULTANEOUS).weights();

    Weights untrained = fuse(spec, members, Variant.MERGE_PRUNE, Order.SIMULTANEOUS).weights();
    String head = Shares.headWeight(spec);
    NDArray x = inputs(spec, 4, 1, scope);
    assertThat(new Network(spec, fused).forward(x).isNaN().any().getBoolean()).isFalse();
    assertThat(difference(fused.get(head), untrained.get(head))).isGreaterThan(1e-4);
  }

  @Test
  void fuse_moreTuningEpochs_trainsLonger() {
    List<Network> members = members(2);
    Weights one = tuned(mlp(8, 5), members, 1);
    Weights again = tuned(mlp(8, 5), members, 1);
    Weights two = tuned(mlp(8, 5), members, 2);

    one.all().forEach((name, w) -> assertThat(again.get(name)).isEqualTo(w));
    assertThat(difference(two.get("levels.2.1.bias"), one.get("levels.2.1.bias")))
        .isGreaterThan(1e-3);
  }

  @ParameterizedTest
  @MethodSource("families")
  void fuse_withItself_isItselfInAnyOrderOfUnits(NetworkSpec spec) {
    Network member = random(spec, 1, scope);
    NDArray x = inputs(spec, 8, 1, scope);
    List<Network> copies =
        List.of(
            member,
            Donors.shuffled(member, 2, scope),
            new Network(spec, member.weights().copy(scope)));

    for (int count = 2; count <= 3; count++) {
      for (Order order : Order.values()) {
        Transplantation.Result result =
            fuse(spec, copies.subList(0, count), Variant.MERGE_PRUNE, order);
        Network fused = new Network(spec, result.weights());
        assertThat(difference(fused.forward(x), member.forward(x))).isLessThan(1e-5);
        assertThat(result.nearDuplicates()).hasSize(count == 2 ? 1 : 3);
      }
    }
  }

  /** The papers' failure: both copies' best units are kept, half of the network is lost. */
  @Test
  void fuse_withItselfKeepingDuplicates_losesAccuracy() {
    Network member = trained(random(mlp(24, 24), 1, scope));
    List<Network> copies = List.of(member, Donors.shuffled(member, 2, scope));

    double kept = accuracy(fuse(copies, Duplicates.KEEP));
    double merged = accuracy(fuse(copies, Duplicates.MERGE));

    assertThat(merged).isEqualTo(accuracy(member));
    assertThat(kept).isLessThan(merged - 0.02);
  }

  /** Two copies and a stranger are one member of twice the weight and a stranger. */
  @ParameterizedTest
  @MethodSource("families")
  void fuse_oneDuplicatePairOfThree_weighsItTwice(NetworkSpec spec) {
    Network member = random(spec, 1, scope);
    Network stranger = random(spec, 5, scope);
    Donor single = Donors.of(List.of(member)).get(0);
    Donor twice =
        new Donor(
            member, single.scores(), Donor.origins(List.of(single, single)), single.sources());
    Donor other = Donors.of(List.of(stranger)).get(0);

    Weights fused =
        fuse(
                spec,
                List.of(member, stranger, Donors.shuffled(member, 2, scope)),
                Variant.MERGE_PRUNE,
                Order.SIMULTANEOUS)
            .weights();

    Weights expected =
        Pruning.jointly(spec, List.of(twice, other), Ranking.MAGNITUDE, scope).network().weights();
    expected
        .all()
        .forEach((n, w) -> assertThat(difference(fused.get(n), w)).as(n).isLessThan(1e-5));
  }

  /** A target as wide as both copies leaves no unit to spare: all stay, and their mean. */
  @Test
  void fuse_withItselfToTwiceTheWidth_keepsAllUnits() {
    Network member = random(mlp(6, 5), 1, scope);
    List<Network> copies = List.of(member, Donors.shuffled(member, 2, scope));
    NDArray x = inputs(member.spec(), 4, 1, scope);

    for (NetworkSpec target : List.of(mlp(12, 10), mlp(9, 7))) {
      Weights fused = fuse(target, copies, Variant.MERGE_PRUNE, Order.SIMULTANEOUS).weights();
      NDArray logits = new Network(target, fused).forward(x);
      assertThat(difference(logits, member.forward(x))).isLessThan(1e-5);
    }
  }

  private static double accuracy(Network network) {
    return Evaluation.of(network, TEST, Progress.NONE).accuracy();
  }

  private static Network trained(Network network) {
    TrainingSettings settings = new TrainingSettings(Optimizer.SGD, 0.05, 0.9, 0, 64, 4);
    Trainer.train(network, DIGITS, settings, 1, Progress.NONE);
    return network;
  }

  private List<Network> members(int count) {
    return IntStream.range(0, count)
        .mapToObj(k -> random(mlp(8 + (5 * k) % 7, 5 + k % 4), 20 + k, scope))
        .toList();
  }

  private Weights tuned(NetworkSpec target, List<Network> members, int epochs) {
    return new Transplantation(
            Ranking.MAGNITUDE,
            Variant.MERGE_TUNE_PRUNE,
            Order.SIMULTANEOUS,
            Duplicates.MERGE,
            epochs)
        .fuse(
            target, members, Donors.uniform(members), Optional.of(DIGITS), 1, scope, Progress.NONE)
        .weights();
  }

  private Network fuse(List<Network> members, Duplicates duplicates) {
    NetworkSpec spec = members.get(0).spec();
    Weights weights =
        new Transplantation(
                Ranking.MAGNITUDE, Variant.MERGE_PRUNE, Order.SIMULTANEOUS, duplicates, 1)
            .fuse(spec, members, Donors.uniform(members), Optional.empty(), 1, scope, Progress.NONE)
            .weights();
    return new Network(spec, weights);
  }

  private Transplantation.Result fuse(
      NetworkSpec target, List<Network> members, Variant variant, Order order) {
    return new Transplantation(Ranking.MAGNITUDE, variant, order, Duplicates.MERGE, 1)
        .fuse(target, members, Donors.uniform(members), Optional.of(FEW), 1, scope, Progress.NONE);
  }

  private static List<Double> norms(Weights weights) {
    List<Double> norms = new ArrayList<>();
    NDArray w = weights.get("levels.0.1.weight");
    for (float norm : w.square().sum(new int[] {1}).toFloatArray()) {
      norms.add((double) norm);
    }
    return norms;
  }
}

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
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TransplantTest {
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

  static Stream<NetworkSpec> architectures() {
    return Stream.of(
        mlp(20, 12),
        lenet5(4, 6, 20, 12),
        vgg11(false, 3),
        vgg11(true, 3),
        mlp(5),
        resnet18(false, 2),
        resnet18(true, 2),
        vit(6, 3, 5),
        WITH_NORMS);
  }

  /** Norms with the stride of a flatten, residuals in residuals, attention outside of residuals. */
  private static final NetworkSpec WITH_NORMS =
      NetworkSpec.parse(
          """
          input: {shape: [2, 8, 8]}
          levels:
            - [{conv: {out: 3, kernel: 3, padding: 1}}, {residual: {body: [batchnorm, relu,
               {residual: {body: [{conv: {out: 4, kernel: 1}}], shortcut: [{conv: {out: 4, kernel: 1}}]}}],
               shortcut: [{conv: {out: 4, kernel: 1}}]}}]
            - [{patchembedding: {out: 5, patch: 4}}, positionembedding, {attention: {heads: 2, dim: 3}}]
            - [firsttoken, layernorm, {linear: 4}]
            - [relu, batchnorm, {linear: 10}]
          """,
          "test");

  @ParameterizedTest
  @MethodSource("architectures")
  void concatenate_threeMembers_computesTheMeanOfTheirLogits(NetworkSpec spec) {
    List<Network> members =
        IntStream.range(0, 3).mapToObj(k -> random(spec, 10 + k, scope)).toList();
    NDArray x = inputs(spec, 8, 1, scope);

    Network wide = Transplant.concatenate(members, scope);

    NDArray mean =
        members.stream().map(m -> m.forward(x)).reduce(NDArray::add).orElseThrow().div(3);
    assertThat(difference(wide.forward(x), mean)).isLessThan(1e-5);
    assertThat(wide.spec().units(0)).isEqualTo(3 * spec.units(0));
    assertThat(NetworkSpec.parse(wide.spec().toYaml(), "wide")).isEqualTo(wide.spec());
  }

  @Test
  void concatenate_otherWidths_weighsLogitsByWidth() {
    Network narrow = random(lenet5(3, 5, 9, 10), 1, scope);
    Network broad = random(lenet5(4, 7, 9, 30), 2, scope);
    NDArray x = inputs(narrow.spec(), 8, 1, scope);

    NDArray logits = Transplant.concatenate(List.of(narrow, broad), scope).forward(x);

    NDArray mean = narrow.forward(x).mul(0.25).add(broad.forward(x).mul(0.75));
    assertThat(difference(logits, mean)).isLessThan(1e-5);
  }

  @Test
  void concatenate_transformersOfOtherWidths_weighsLogitsByTheirStreams() {
    Network narrow = random(vit(4, 2, 9), 1, scope);
    Network broad = random(vit(12, 6, 5), 2, scope);
    NDArray x = inputs(narrow.spec(), 8, 1, scope);

    Network wide = Transplant.concatenate(List.of(narrow, broad), scope);
    Network wider = Transplant.concatenate(List.of(wide, narrow), scope);

    NDArray mean = narrow.forward(x).mul(0.25).add(broad.forward(x).mul(0.75));
    assertThat(difference(wide.forward(x), mean)).isLessThan(1e-5);
    NDArray again = mean.mul(0.8).add(narrow.forward(x).mul(0.2));
    assertThat(difference(wider.forward(x), again)).isLessThan(1e-5);
  }

  @Test
  void concatenate_weightsBetweenMembers_areExactlyZero() {
    NetworkSpec spec = mlp(6, 5);
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));

    NDArray middle = Transplant.concatenate(members, scope).weights().get("levels.1.1.weight");

    assertThat(middle.get("0:5, 6:").abs().max().getFloat()).isZero();
    assertThat(middle.get("5:, 0:6").abs().max().getFloat()).isZero();
    assertThat(middle.get("5:, 6:")).isEqualTo(members.get(1).weights().get("levels.1.1.weight"));
  }

  @ParameterizedTest
  @EnumSource(Ranking.class)
  void prune_oneMemberOfNothing_keepsTheOtherWhole(Ranking ranking) {
    NetworkSpec spec = lenet5(4, 6, 20, 12);
    Network strong = random(spec, 1, scope);
    Network weak = random(spec, 2, scope);
    weak.weights().all().values().forEach(w -> w.muli(1e-4));
    Scores low = constant(spec, 0.1f);

    Weights pruned =
        Transplant.prune(
            spec, List.of(weak, strong), List.of(low, Scores.uniform(spec)), ranking, scope);

    NDArray kernel = strong.weights().get("levels.1.2.weight");
    assertThat(pruned.get("levels.1.2.weight")).isEqualTo(kernel);
    assertThat(
            difference(
                pruned.get("levels.4.1.weight").mul(2), strong.weights().get("levels.4.1.weight")))
        .isLessThan(1e-6);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void prune_toAllUnits_isTheConcatenation(NetworkSpec spec) {
    List<Network> members = List.of(random(spec, 1, scope), random(spec, 2, scope));
    Network wide = Transplant.concatenate(members, scope);

    Weights all =
        Transplant.prune(wide.spec(), members, uniform(members), Ranking.MAGNITUDE, scope);

    wide.weights().all().forEach((name, w) -> assertThat(all.get(name)).isEqualTo(w));
  }

  /** Three members of width 8 leave 8 units, whatever 1 - 1/3 rounds to. */
  @Test
  void prune_jointly_keepsTheUnitsOfLargestNorm() {
    NetworkSpec spec = mlp(8);
    List<Network> members = IntStream.range(0, 3).mapToObj(k -> random(spec, k, scope)).toList();

    Weights pruned = Transplant.prune(spec, members, uniform(members), Ranking.INCOMING, scope);

    List<Double> all = new ArrayList<>();
    members.forEach(m -> all.addAll(norms(m.weights())));
    all.sort(Collections.reverseOrder());
    List<Double> kept = new ArrayList<>(norms(pruned));
    kept.sort(Collections.reverseOrder());
    assertThat(kept).isEqualTo(all.subList(0, 8));
  }

  @Test
  void prune_batchNormBehindTheHead_isRefused() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{input: {shape: [3]}, levels: [[{linear: 4}], [relu, {linear: 2}, batchnorm]]}",
            "test");
    List<Network> members = List.of(random(spec, 1, scope));

    assertThatThrownBy(
            () -> Transplant.prune(spec, members, uniform(members), Ranking.MAGNITUDE, scope))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("batchnorm");
  }

  @Test
  void prune_normOfTheInput_isRefused() {
    NetworkSpec spec =
        NetworkSpec.parse(
            "{input: {shape: [3]}, levels: [[layernorm, {linear: 4}], [relu, {linear: 2}]]}",
            "test");
    List<Network> members = List.of(random(spec, 1, scope));

    assertThatThrownBy(() -> Transplant.concatenate(members, scope))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("levels.0.0.weight: transplantation needs an input that no norm");
  }

  /** Of two members of which one is next to nothing, the other is left. */
  @ParameterizedTest
  @MethodSource("architectures")
  void prune_oneMemberOfNothing_leavesTheOtherOnAnyArchitecture(NetworkSpec spec) {
    Network strong = random(spec, 1, scope);
    Network weak = random(spec, 2, scope);
    weak.weights().all().values().forEach(w -> w.muli(1e-4));

    Weights pruned =
        Transplant.prune(
            spec,
            List.of(weak, strong),
            List.of(constant(spec, 0.1f), Scores.uniform(spec)),
            Ranking.MAGNITUDE,
            scope);

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

  private static List<Scores> uniform(List<Network> members) {
    return members.stream().map(m -> Scores.uniform(m.spec())).toList();
  }

  private static Scores constant(NetworkSpec spec, float value) {
    return new Scores(
        spec.groups().stream().map(group -> Collections.nCopies(group.units(), value)).toList());
  }
}

package io.neurograft.fusion.baseline;

import static io.neurograft.fusion.TestNetworks.difference;
import static io.neurograft.fusion.TestNetworks.inputs;
import static io.neurograft.fusion.TestNetworks.lenet5;
import static io.neurograft.fusion.TestNetworks.mlp;
import static io.neurograft.fusion.TestNetworks.random;
import static io.neurograft.fusion.TestNetworks.vgg11;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.interpolate.MomentSource;
import io.neurograft.fusion.interpolate.ProxyMoments;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Alignment undoes a permutation of units: what is the same function becomes the same weights. */
class AlignedAverageTest {
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

  static List<NetworkSpec> families() {
    return List.of(mlp(12, 8), lenet5(6, 16, 24, 20), vgg11(false, 4), vgg11(true, 4));
  }

  @ParameterizedTest
  @MethodSource("families")
  void permute_everyGroup_leavesTheFunctionAsItIs(NetworkSpec spec) {
    Network member = random(spec, 1, scope);
    Network copy = permuted(member, 2);

    assertThat(copy.weights().get(spec.groups().get(0).slices().get(0).parameter()))
        .isNotEqualTo(member.weights().get(spec.groups().get(0).slices().get(0).parameter()));
    assertThat(functionDifference(copy.weights(), member)).isLessThan(1e-5);
  }

  @ParameterizedTest
  @MethodSource("families")
  void transport_byWeights_findsPermutedCopiesBack(NetworkSpec spec) {
    Network member = random(spec, 1, scope);

    assertIsMember(
        OptimalTransport.fuse(
                spec,
                List.of(member, permuted(member, 2), permuted(member, 3)),
                Alignment.WEIGHT,
                MomentSource.NONE,
                scope,
                new PhaseTimes(() -> 0),
                Progress.NONE)
            .weights(),
        member);
  }

  @ParameterizedTest
  @MethodSource("families")
  void transport_byActivations_findsPermutedCopiesBack(NetworkSpec spec) {
    Network member = random(spec, 1, scope);

    assertIsMember(
        OptimalTransport.fuse(
                spec,
                List.of(member, permuted(member, 2), permuted(member, 3)),
                Alignment.ACTIVATION,
                examples(spec),
                scope,
                new PhaseTimes(() -> 0),
                Progress.NONE)
            .weights(),
        member);
  }

  @ParameterizedTest
  @MethodSource("families")
  void matching_findsAPermutedCopyBack(NetworkSpec spec) {
    Network member = random(spec, 1, scope);
    List<Weights> members = List.of(member.weights(), permuted(member, 2).weights());

    assertIsMember(WeightMatching.fuse(spec, members, 5, scope, Progress.NONE).weights(), member);
  }

  @ParameterizedTest
  @MethodSource("families")
  void matching_ofThree_findsPermutedCopiesBack(NetworkSpec spec) {
    Network member = random(spec, 1, scope);
    List<Weights> members =
        List.of(member.weights(), permuted(member, 2).weights(), permuted(member, 3).weights());

    Weights fused = WeightMatching.fuse(spec, members, 5, scope, Progress.NONE).weights();

    assertThat(functionDifference(fused, member)).isLessThan(1e-5);
  }

  @Test
  void matching_strangers_agreeBetterThanBeforeAndRepeat() {
    NetworkSpec spec = mlp(20, 16);
    List<Weights> members =
        List.of(random(spec, 1, scope).weights(), random(spec, 2, scope).weights());

    Weights fused = WeightMatching.fuse(spec, members, 5, scope, Progress.NONE).weights();

    // |a + Pb|^2 = |a|^2 + |b|^2 + 2 a.Pb: what agrees better averages to something longer.
    assertThat(length(fused)).isGreaterThan(length(Averaging.mean(spec, members, scope)));
    Weights again = WeightMatching.fuse(spec, members, 5, scope, Progress.NONE).weights();
    fused.all().forEach((name, array) -> assertThat(again.get(name)).isEqualTo(array));
  }

  private void assertIsMember(Weights fused, Network member) {
    fused
        .all()
        .forEach(
            (name, array) ->
                assertThat(difference(array, member.weights().get(name)))
                    .as(name)
                    .isLessThan(1e-6));
    assertThat(functionDifference(fused, member)).isLessThan(1e-5);
  }

  private double functionDifference(Weights fused, Network member) {
    NDArray x = inputs(member.spec(), 4, 9, scope);
    return difference(new Network(member.spec(), fused).forward(x), member.forward(x));
  }

  private static double length(Weights weights) {
    return weights.all().values().stream().mapToDouble(a -> a.square().sum().getFloat()).sum();
  }

  /** A copy of a network with the units of every group but the last in another order. */
  private Network permuted(Network network, long seed) {
    Random random = new Random(seed);
    List<UnitGroup> groups = network.spec().groups();
    try (PermutableWeights weights = new PermutableWeights(network.weights(), scope)) {
      for (UnitGroup group : groups.subList(0, groups.size() - 1)) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, group.units()).boxed().toList());
        Collections.shuffle(order, random);
        weights.permute(group, order.stream().mapToInt(Integer::intValue).toArray());
      }
      return new Network(network.spec(), weights.weights(scope));
    }
  }

  private static MomentSource examples(NetworkSpec spec) {
    Dataset data = new Noise(spec.input().shape(), 40);
    return ProxyMoments.of(data, 7, 1 << 20, LevelBudget.NONE);
  }

  /** Random images of any shape. */
  private record Noise(List<Integer> shape, int size) implements Dataset {
    @Override
    public List<String> classNames() {
      return Collections.nCopies(10, "noise");
    }

    @Override
    public int label(int index) {
      return index % 10;
    }

    @Override
    public void read(int index, float[] target, int offset) {
      Random random = new Random(index);
      for (int i = 0; i < exampleSize(); i++) {
        target[offset + i] = random.nextFloat();
      }
    }
  }
}

package io.neurograft.fusion.transplant;

import static io.neurograft.fusion.TestNetworks.lenet5;
import static io.neurograft.fusion.TestNetworks.mlp;
import static io.neurograft.fusion.TestNetworks.resnet18;
import static io.neurograft.fusion.TestNetworks.vgg11;
import static io.neurograft.fusion.TestNetworks.vit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Donors for tests. */
final class Donors {
  private Donors() {}

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

  /** One of each family, with and without norms. */
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

  /** Members with scores of 1. */
  static List<Donor> of(List<Network> members) {
    return IntStream.range(0, members.size())
        .mapToObj(i -> Donor.of(i, members.get(i), Scores.uniform(members.get(i).spec())))
        .toList();
  }

  static List<Scores> uniform(List<Network> members) {
    return members.stream().map(m -> Scores.uniform(m.spec())).toList();
  }

  /** The same score for every unit. */
  static Scores constant(NetworkSpec spec, float value) {
    return new Scores(
        spec.groups().stream().map(group -> Collections.nCopies(group.units(), value)).toList());
  }

  /** All members' units in one network. */
  static Network concatenate(List<Network> members, NDManager scope) {
    return Concatenation.of(of(members), scope).network();
  }

  /** The same network with the units of each group in another order. */
  static Network shuffled(Network network, long seed, NDManager scope) {
    Random random = new Random(seed);
    List<Kept> orders = new ArrayList<>();
    List<UnitGroup> groups = network.spec().groups();
    for (UnitGroup group : groups.subList(0, groups.size() - 1)) {
      List<Integer> units = IntStream.range(0, group.units()).boxed().toList();
      List<Integer> places = new ArrayList<>(units);
      Collections.shuffle(places, random);
      orders.add(
          new Kept(
              List.of(new Kept.Part(units, places, Collections.nCopies(units.size(), 1.0))),
              units.size()));
    }
    return new Assembly(network.spec(), of(List.of(network)), orders).donor(scope).network();
  }

  /** A copy with noise on every weight, a part of the weights' root mean square. */
  static Network noisy(Network network, double part, long seed, NDManager scope) {
    Random random = new Random(seed);
    Network copy = new Network(network.spec(), network.weights().copy(scope));
    copy.weights()
        .all()
        .forEach(
            (name, array) -> {
              if (array.getShape().dimension() > 1) {
                float size = array.square().mean().sqrt().getFloat();
                float[] values = array.toFloatArray();
                for (int i = 0; i < values.length; i++) {
                  values[i] += (float) (part * size * random.nextGaussian());
                }
                array.set(values);
              }
            });
    return copy;
  }

  /** The mean of networks' logits. */
  static NDArray mean(List<Network> members, double[] shares, NDArray x) {
    NDArray sum = members.get(0).forward(x).mul(shares[0]);
    for (int i = 1; i < members.size(); i++) {
      sum = sum.add(members.get(i).forward(x).mul(shares[i]));
    }
    return sum;
  }
}

package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.BatchNorm;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Neuron transplantation (NT section 3; section 2 of the design): the members side by side, every
 * weight between units of different members zero, the outputs scaled by the members' shares; of
 * this the best units of each group are kept, chosen jointly over all members. Nothing is rescaled
 * afterwards; fine-tuning is the caller's.
 *
 * <p>The wide network is never built to prune it: memory beyond the members is the result and one
 * parameter.
 */
public final class Transplant {
  private Transplant() {}

  /**
   * All units of all members in one network, which computes the mean of the members' logits,
   * weighted by their shares.
   *
   * @param members networks of one chain of levels; widths may differ
   */
  public static Network concatenate(List<Network> members, NDManager parent) {
    NetworkSpec first = members.get(0).spec();
    List<Integer> units = new ArrayList<>();
    List<Kept> kept = new ArrayList<>();
    for (int group = 0; group < first.groups().size() - 1; group++) {
      int at = group;
      int[] own = members.stream().mapToInt(m -> m.spec().groups().get(at).units()).toArray();
      units.add(Arrays.stream(own).sum());
      kept.add(
          new Kept(Arrays.stream(own).mapToObj(n -> IntStream.range(0, n).toArray()).toList()));
    }
    units.add(first.classes());
    NetworkSpec wide = first.withUnits(units);
    return new Network(wide, assemble(wide, members, kept, parent));
  }

  /**
   * The best units of all members in a network of the target's widths.
   *
   * @param members networks of the target's chain of levels; widths may differ
   * @param scores each member's attribution scores
   * @return the weights of the target
   * @throws IllegalArgumentException if a group of the target has more units than all members
   *     together
   */
  public static Weights prune(
      NetworkSpec target,
      List<Network> members,
      List<Scores> scores,
      Ranking ranking,
      NDManager parent) {
    UnitRanking ranks = new UnitRanking(members, scores, shares(members), ranking);
    List<Kept> kept = new ArrayList<>();
    List<UnitGroup> groups = target.groups();
    for (UnitGroup group : groups.subList(0, groups.size() - 1)) {
      kept.add(Kept.best(ranks.scores(group.index()), group.units()));
    }
    return assemble(target, members, kept, parent);
  }

  private static Weights assemble(
      NetworkSpec target, List<Network> members, List<Kept> kept, NDManager parent) {
    List<?> head = target.levels().get(target.levelCount() - 1);
    if (head.get(head.size() - 1) instanceof BatchNorm) {
      throw new InvalidInputException(
          "network", "transplantation needs logits that no batchnorm follows");
    }
    return new Assembly(target, members, kept, shares(members)).weights(parent);
  }

  /** Each member's part of the output: its part of the units that the head reads. */
  private static double[] shares(List<Network> members) {
    int last = members.get(0).spec().levelCount() - 2;
    double[] widths =
        members.stream().mapToDouble(m -> last < 0 ? 1 : m.spec().units(last)).toArray();
    double sum = Arrays.stream(widths).sum();
    return Arrays.stream(widths).map(width -> width / sum).toArray();
  }
}

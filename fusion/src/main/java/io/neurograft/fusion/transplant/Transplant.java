package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.LayerNorm;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
    NetworkSpec wide =
        first.withUnits(units).mapLayers((name, layer) -> apart(name, layer, members));
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
    UnitRanking ranks = new UnitRanking(members, scores, Shares.of(members), ranking);
    List<Kept> kept = new ArrayList<>();
    List<UnitGroup> groups = target.groups();
    for (UnitGroup group : groups.subList(0, groups.size() - 1)) {
      kept.add(Kept.best(ranks.scores(group.index()), group.units()));
    }
    return assemble(target, members, kept, parent);
  }

  private static Weights assemble(
      NetworkSpec target, List<Network> members, List<Kept> kept, NDManager parent) {
    requireSeparable(target);
    return new Assembly(target, members, kept, Shares.of(members)).weights(parent);
  }

  /** Layernorms keep the statistics that they have in each member. */
  private static LayerSpec apart(String name, LayerSpec layer, List<Network> members) {
    if (!(layer instanceof LayerNorm)) {
      return layer;
    }
    List<Integer> parts = new ArrayList<>();
    for (Network member : members) {
      List<Integer> own = ((LayerNorm) member.spec().layer(name)).parts();
      long width = member.weights().get(name + ".weight").size();
      parts.addAll(own.isEmpty() ? List.of((int) width) : own);
    }
    return new LayerNorm(parts);
  }

  /** Refuses norms that all members would have to share. */
  private static void requireSeparable(NetworkSpec target) {
    List<Fault> faults = new ArrayList<>();
    List<UnitGroup> groups = target.groups();
    if (groups.get(groups.size() - 1).slices().stream()
        .anyMatch(slice -> slice.part() == Slice.Part.SCALE)) {
      faults.add(new Fault("network", "transplantation needs logits that no batchnorm follows"));
    }
    Set<String> owned =
        groups.stream()
            .flatMap(group -> group.slices().stream())
            .map(Slice::parameter)
            .collect(Collectors.toSet());
    for (String name : target.parameters().keySet()) {
      if (!owned.contains(name)) {
        faults.add(
            new Fault(
                name, "transplantation needs an input that no norm of the network's changes"));
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException("network", faults);
    }
  }
}

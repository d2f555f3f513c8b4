package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps the best units of several donors, side by side, in a network of given widths. Groups are
 * decided from the last to the first, each on the weights that those behind it have left: what NT's
 * code does, and what a deep network needs (.547 on the members of the VGG fixture, where ranking
 * every group on all weights gives .235). Nothing is rescaled afterwards. The wide network is never
 * built: memory beyond the donors is the result and one parameter.
 */
final class Pruning {
  private Pruning() {}

  /**
   * The best units, chosen jointly over all donors (NT section 3).
   *
   * @param target the result; of each group at most as many units as the donors have together
   */
  static Donor jointly(NetworkSpec target, List<Donor> donors, Ranking ranking, NDManager parent) {
    return prune(
        target, donors, ranking, parent, (group, scores) -> Kept.best(scores, group.units()));
  }

  /** The best units of each donor by itself, as many as its part of the origins. */
  static Donor apart(NetworkSpec target, List<Donor> donors, Ranking ranking, NDManager parent) {
    return prune(
        target,
        donors,
        ranking,
        parent,
        (group, scores) -> {
          int[] origins = donors.stream().mapToInt(d -> d.origins().get(group.index())).toArray();
          int[] units = scores.stream().mapToInt(own -> own.length).toArray();
          return Kept.bestOfEach(scores, Apportionment.of(group.units(), origins, units));
        });
  }

  private interface Choice {
    Kept keep(UnitGroup group, List<double[]> scores);
  }

  private static Donor prune(
      NetworkSpec target, List<Donor> donors, Ranking ranking, NDManager parent, Choice choice) {
    UnitRanking ranks = new UnitRanking(donors, ranking);
    List<UnitGroup> groups = target.groups();
    Kept[] kept = new Kept[groups.size() - 1];
    for (int index = kept.length - 1; index >= 0; index--) {
      kept[index] = choice.keep(groups.get(index), ranks.scores(index));
      ranks.decide(index, kept[index]);
    }
    return new Assembly(target, donors, new ArrayList<>(Arrays.asList(kept))).donor(parent);
  }
}

package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes one donor of donors that are near-duplicates: each later one is matched to what stands for
 * the earlier ones, and one unit stays of each pair that is alike. It is made by the mean of what
 * made both, weighted by the members behind them, and what read either of them reads it, so that
 * the outputs of both, at their shares, go through it. Units without a partner stay as they are.
 *
 * <p>A network that is merged with itself, in any order of its units, stays that network.
 */
final class Merging {
  private static final int NONE = -1;

  private final NetworkSpec target;
  private final NDManager scope;
  private final int[] spare; // of each group, how many units the target can do without

  private Merging(NetworkSpec target, List<Donor> donors, NDManager scope) {
    this.target = target;
    this.scope = scope;
    this.spare =
        target.groups().stream()
            .mapToInt(g -> donors.stream().mapToInt(d -> d.units(g.index())).sum() - g.units())
            .toArray();
  }

  /**
   * Merges.
   *
   * @param target what is to be fused; of each group as many units are left as it has
   * @param pairs which donors are near-duplicates
   * @param scope holds what is made
   * @return the donors in their order, near-duplicates where the first of them was
   */
  static List<Donor> merge(
      NetworkSpec target, List<Donor> donors, List<NearDuplicate> pairs, NDManager scope) {
    Merging merging = new Merging(target, donors, scope);
    int[] standing = IntStream.range(0, donors.size()).toArray(); // who stands for each
    List<Donor> merged = new ArrayList<>(donors);
    for (NearDuplicate pair : pairs) {
      int first = standing[pair.first()];
      if (standing[pair.second()] == pair.second()) {
        merged.set(first, merging.merge(merged.get(first), donors.get(pair.second())));
        standing[pair.second()] = first;
      }
    }
    return IntStream.range(0, standing.length)
        .filter(i -> standing[i] == i)
        .mapToObj(merged::get)
        .toList();
  }

  private Donor merge(Donor one, Donor other) {
    List<Matching> matched = new UnitMatching(one.network(), other.network(), scope).all();
    List<Kept> kept = new ArrayList<>();
    List<Integer> units = new ArrayList<>();
    List<UnitGroup> groups = target.groups();
    for (int group = 0; group < matched.size(); group++) {
      kept.add(together(group, matched.get(group), one, other));
      units.add(kept.get(group).units());
    }
    units.add(groups.get(groups.size() - 1).units());
    return new Assembly(target.withUnits(units), List.of(one, other), kept).donor(scope);
  }

  /** The units of one, each with its partner if they are alike, then the others of the other. */
  private Kept together(int group, Matching matching, Donor one, Donor other) {
    int[] partnerOf = new int[other.units(group)]; // of each unit of the other that is merged
    Arrays.fill(partnerOf, NONE);
    mostAlikeFirst(matching)
        .filter(unit -> matching.cosines().get(unit) >= Diversity.ALIKE)
        .limit(Math.max(0, spare[group]))
        .forEach(unit -> partnerOf[matching.partners().get(unit)] = unit);
    double all = one.members() + other.members();
    List<Integer> units = IntStream.range(0, one.units(group)).boxed().toList();
    List<Double> amounts = new ArrayList<>(Collections.nCopies(units.size(), 1.0));
    List<Integer> places = new ArrayList<>();
    List<Double> otherAmounts = new ArrayList<>();
    int next = units.size();
    for (int partner : partnerOf) {
      if (partner == NONE) {
        places.add(next++);
        otherAmounts.add(1.0);
      } else {
        places.add(partner);
        otherAmounts.add(other.members() / all);
        amounts.set(partner, one.members() / all);
        spare[group]--;
      }
    }
    List<Integer> others = IntStream.range(0, partnerOf.length).boxed().toList();
    return new Kept(
        List.of(new Kept.Part(units, units, amounts), new Kept.Part(others, places, otherAmounts)),
        next);
  }

  /** The units that have a partner. */
  private static Stream<Integer> mostAlikeFirst(Matching matching) {
    return IntStream.range(0, matching.partners().size())
        .boxed()
        .filter(unit -> matching.partners().get(unit) >= 0)
        .sorted(Comparator.comparing(matching.cosines()::get, Comparator.reverseOrder()));
  }
}

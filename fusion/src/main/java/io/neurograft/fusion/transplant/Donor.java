package io.neurograft.fusion.transplant;

import io.neurograft.fusion.origin.UnitSources;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network that units are taken from: a member, or what stands for several members that are fused
 * already.
 *
 * @param scores attribution scores of its units
 * @param origins for each group the number of units that the members had for which it stands; for
 *     the classes the number of those members
 * @param sources for each group which members' units its units were made of
 */
record Donor(Network network, Scores scores, List<Integer> origins, List<UnitSources> sources)
    implements AutoCloseable {
  Donor {
    origins = List.copyOf(origins);
    sources = List.copyOf(sources);
  }

  /**
   * A member.
   *
   * @param index its place among the members
   */
  static Donor of(int index, Network member, Scores scores) {
    List<UnitGroup> groups = member.spec().groups();
    List<Integer> origins = new ArrayList<>(groups.stream().map(UnitGroup::units).toList());
    origins.set(origins.size() - 1, 1);
    List<UnitSources> sources =
        groups.stream().map(group -> UnitSources.own(index, group.units())).toList();
    return new Donor(member, scores, origins, sources);
  }

  /** The origins of several donors together. */
  static List<Integer> origins(List<Donor> donors) {
    return IntStream.range(0, donors.get(0).origins.size())
        .map(group -> donors.stream().mapToInt(donor -> donor.origins.get(group)).sum())
        .boxed()
        .toList();
  }

  /** The number of members for which it stands. */
  int members() {
    return origins.get(origins.size() - 1);
  }

  /** How many units of a group it has. */
  int units(int group) {
    return network.spec().groups().get(group).units();
  }

  /** Frees its weights. */
  @Override
  public void close() {
    network.weights().close();
  }
}

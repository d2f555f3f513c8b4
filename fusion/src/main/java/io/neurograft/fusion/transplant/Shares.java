package io.neurograft.fusion.transplant;

import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import java.util.List;

/**
 * Each donor's part of the output: the part that its members have of all units that the members'
 * heads read, whether those units are still there or not.
 */
final class Shares {
  private Shares() {}

  /** One share for each donor; they sum to 1. */
  static double[] of(List<Donor> donors) {
    int group = beforeHead(donors.get(0).network().spec());
    double[] units = donors.stream().mapToDouble(donor -> donor.origins().get(group)).toArray();
    double sum = Donor.origins(donors).get(group);
    for (int i = 0; i < units.length; i++) {
      units[i] /= sum;
    }
    return units;
  }

  /** The name of the weight that makes the classes. */
  static String headWeight(NetworkSpec spec) {
    List<UnitGroup> groups = spec.groups();
    return groups.get(groups.size() - 1).slices().get(0).parameter();
  }

  /** The group that the head reads; the classes' own where it reads the network's input. */
  private static int beforeHead(NetworkSpec spec) {
    String head = headWeight(spec);
    List<UnitGroup> groups = spec.groups();
    return groups.stream()
        .filter(group -> group.slices().stream().anyMatch(slice -> reads(slice, head)))
        .mapToInt(UnitGroup::index)
        .findFirst()
        .orElse(groups.size() - 1);
  }

  private static boolean reads(Slice slice, String weight) {
    return slice.part() == Slice.Part.OUTGOING && slice.parameter().equals(weight);
  }
}

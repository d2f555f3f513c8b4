package io.neurograft.fusion.transplant;

import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import java.util.Arrays;
import java.util.List;

/** Each member's part of the output: its part of the units that the head reads. */
final class Shares {
  private Shares() {}

  /** One share for each member; they sum to 1. */
  static double[] of(List<Network> members) {
    double[] units = members.stream().mapToDouble(m -> unitsBeforeHead(m.spec())).toArray();
    double sum = Arrays.stream(units).sum();
    return Arrays.stream(units).map(own -> own / sum).toArray();
  }

  /** The name of the weight that makes the classes. */
  static String headWeight(NetworkSpec spec) {
    List<UnitGroup> groups = spec.groups();
    return groups.get(groups.size() - 1).slices().get(0).parameter();
  }

  /** 1 where the head reads the network's input, which all members share. */
  private static int unitsBeforeHead(NetworkSpec spec) {
    String head = headWeight(spec);
    return spec.groups().stream()
        .filter(group -> group.slices().stream().anyMatch(slice -> reads(slice, head)))
        .mapToInt(UnitGroup::units)
        .findFirst()
        .orElse(1);
  }

  private static boolean reads(Slice slice, String weight) {
    return slice.part() == Slice.Part.OUTGOING && slice.parameter().equals(weight);
  }
}

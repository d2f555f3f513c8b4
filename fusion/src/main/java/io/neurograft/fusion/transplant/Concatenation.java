package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.LayerNorm;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All units of several donors in one network: every weight between units of different donors zero,
 * the outputs scaled by the donors' shares (NT section 3). It computes the mean of their logits,
 * weighted by these shares. Dense, K times as wide: K squared times the weights of one donor.
 */
final class Concatenation {
  private Concatenation() {}

  /**
   * Concatenates.
   *
   * @param donors networks of one chain of levels; widths may differ
   * @return with weights that are the caller's to close
   */
  static Donor of(List<Donor> donors, NDManager parent) {
    NetworkSpec first = donors.get(0).network().spec();
    List<Integer> units = new ArrayList<>();
    List<Kept> kept = new ArrayList<>();
    for (int group = 0; group < first.groups().size() - 1; group++) {
      int at = group;
      kept.add(Kept.all(donors.stream().map(donor -> donor.units(at)).toList()));
      units.add(kept.get(group).units());
    }
    units.add(first.classes());
    NetworkSpec wide =
        first.withUnits(units).mapLayers((name, layer) -> apart(name, layer, donors));
    requireSeparable(wide);
    return new Assembly(wide, donors, kept).donor(parent);
  }

  /** Layernorms keep the statistics that they have in each donor. */
  private static LayerSpec apart(String name, LayerSpec layer, List<Donor> donors) {
    if (!(layer instanceof LayerNorm)) {
      return layer;
    }
    List<Integer> parts = new ArrayList<>();
    for (Donor donor : donors) {
      List<Integer> own = ((LayerNorm) donor.network().spec().layer(name)).parts();
      long width = donor.network().weights().get(name + ".weight").size();
      parts.addAll(own.isEmpty() ? List.of((int) width) : own);
    }
    return new LayerNorm(parts);
  }

  /**
   * Refuses norms that all donors would have to share.
   *
   * @throws InvalidInputException naming each
   */
  static void requireSeparable(NetworkSpec target) {
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

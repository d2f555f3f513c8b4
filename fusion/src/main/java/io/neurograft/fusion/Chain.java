package io.neurograft.fusion;

import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.LayerNorm;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Checks that members and target are one chain of levels, up to their widths. */
final class Chain {
  private static final String ANY_WIDTHS =
      "transplant, distill and interpolate by select or kmeans";

  private Chain() {}

  /**
   * @throws InvalidInputException naming every member that does not fit, and every group that asks
   *     for more units than the members have together
   */
  static void require(NetworkSpec target, List<Candidate> members) {
    List<Fault> faults = new ArrayList<>();
    if (members.isEmpty()) {
      faults.add(new Fault("", "a fusion needs at least one member"));
    }
    for (Candidate member : members) {
      difference(target, member.network())
          .ifPresent(message -> faults.add(new Fault("member " + member.name(), message)));
    }
    if (faults.isEmpty()) {
      List<UnitGroup> groups = target.groups();
      for (UnitGroup group : groups.subList(0, groups.size() - 1)) {
        int units =
            members.stream().mapToInt(m -> m.network().groups().get(group.index()).units()).sum();
        if (units < group.units()) {
          faults.add(
              new Fault(
                  group.name(),
                  "asks for %d units, but the members together have only %d"
                      .formatted(group.units(), units)));
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException("network", faults);
    }
  }

  /**
   * Checks that units can be paired one to one.
   *
   * @param method the method's name, for the message
   * @throws InvalidInputException naming every member that has other widths than the target, and
   *     its groups that do
   */
  static void requireEqualWidths(NetworkSpec target, List<Candidate> members, String method) {
    List<UnitGroup> wanted = target.groups();
    List<Fault> faults = new ArrayList<>();
    for (Candidate member : members) {
      List<UnitGroup> found = member.network().groups();
      String groups =
          wanted.stream()
              .filter(group -> found.get(group.index()).units() != group.units())
              .map(
                  group ->
                      "%d units instead of %d in %s"
                          .formatted(found.get(group.index()).units(), group.units(), group.name()))
              .collect(Collectors.joining(", "));
      if (!groups.isEmpty()) {
        faults.add(new Fault("member " + member.name(), "has " + groups));
      }
    }
    if (!faults.isEmpty()) {
      faults.add(
          new Fault(
              "",
              "%s needs members as wide as the fused network; %s take any widths"
                  .formatted(method, ANY_WIDTHS)));
      throw new InvalidInputException("network", faults);
    }
  }

  /**
   * A warning where interpolation has fewer examples than every group has units: at a dense layer m
   * examples span m dimensions at the most, and the ridge alone decides the rest of a fit. A
   * convolution has more rows than examples, but those of one image are alike, so that the same
   * bound is a fair rule there.
   *
   * @param examples how many examples give moments
   * @return a sentence that says what to expect; empty where there are enough
   */
  static Optional<String> fewExamples(NetworkSpec target, FusionMethod method, int examples) {
    if (!(method instanceof FusionMethod.Interpolate)) {
      return Optional.empty();
    }
    List<UnitGroup> groups = target.groups();
    return groups.subList(0, groups.size() - 1).stream()
        .min(Comparator.comparingInt(UnitGroup::units))
        .filter(group -> examples < group.units())
        .map(
            group ->
                ("%d examples are fewer than the %d units of %s, the smallest group: the fit has "
                        + "more unknowns than rows, so expect the fused network to lose accuracy, "
                        + "the more the fewer they are; give at least %d, better ten times as many")
                    .formatted(examples, group.units(), group.name(), group.units()));
  }

  private static Optional<String> difference(NetworkSpec target, NetworkSpec member) {
    if (!target.input().equals(member.input())) {
      return Optional.of("takes another input than the fused network");
    }
    if (target.levelCount() != member.levelCount() || target.classes() != member.classes()) {
      return Optional.of(
          "has %d levels and %d classes, the fused network %d and %d"
              .formatted(
                  member.levelCount(), member.classes(), target.levelCount(), target.classes()));
    }
    List<Integer> widths = target.groups().stream().map(UnitGroup::units).toList();
    if (member.groups().size() != widths.size()) {
      return Optional.of(
          "has %d unit groups, the fused network %d"
              .formatted(member.groups().size(), widths.size()));
    }
    NetworkSpec same = unparted(member.withUnits(widths));
    NetworkSpec wanted = unparted(target);
    return IntStream.range(0, target.levelCount())
        .filter(level -> !same.levels().get(level).equals(wanted.levels().get(level)))
        .mapToObj(level -> "has other layers in levels[" + level + "] than the fused network")
        .findFirst();
  }

  /** How a layernorm shares its statistics out is a matter of widths. */
  private static NetworkSpec unparted(NetworkSpec spec) {
    return spec.mapLayers((name, layer) -> layer instanceof LayerNorm ? new LayerNorm() : layer);
  }
}

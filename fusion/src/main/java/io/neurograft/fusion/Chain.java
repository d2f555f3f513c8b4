package io.neurograft.fusion;

import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Checks that members and target are one chain of levels, up to their widths. */
final class Chain {
  private Chain() {}

  /**
   * @throws InvalidInputException naming every member that does not fit, and every level that asks
   *     for more units than the members have together
   */
  static void require(NetworkSpec target, List<Member> members) {
    List<Fault> faults = new ArrayList<>();
    if (members.isEmpty()) {
      faults.add(new Fault("", "a fusion needs at least one member"));
    }
    for (Member member : members) {
      difference(target, member.network())
          .ifPresent(message -> faults.add(new Fault("member " + member.name(), message)));
    }
    if (faults.isEmpty()) {
      for (int level = 0; level < target.levelCount() - 1; level++) {
        int at = level;
        int units = members.stream().mapToInt(m -> m.network().units(at)).sum();
        if (units < target.units(level)) {
          faults.add(
              new Fault(
                  "levels[" + level + "]",
                  "asks for %d units, but the members together have only %d"
                      .formatted(target.units(level), units)));
        }
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException("network", faults);
    }
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
    List<Integer> widths = IntStream.range(0, target.levelCount()).mapToObj(target::units).toList();
    NetworkSpec same = member.withUnits(widths);
    return IntStream.range(0, target.levelCount())
        .filter(level -> !same.levels().get(level).equals(target.levels().get(level)))
        .mapToObj(level -> "has other layers in levels[" + level + "] than the fused network")
        .findFirst();
  }
}

package io.neurograft.fusion.transplant;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which units of a group go into the result, member by member, each in ascending order. The
 * result's units are those of the first member, then those of the second, and so on.
 */
record Kept(List<int[]> members) {

  private record Unit(int member, int index, double score) {}

  /**
   * The best units, chosen jointly over all members; of equals the first.
   *
   * @param scores one score for each unit of each member
   * @throws IllegalArgumentException if there are fewer than {@code count}
   */
  static Kept best(List<double[]> scores, int count) {
    List<Unit> all = new ArrayList<>();
    for (int member = 0; member < scores.size(); member++) {
      for (int unit = 0; unit < scores.get(member).length; unit++) {
        all.add(new Unit(member, unit, scores.get(member)[unit]));
      }
    }
    if (all.size() < count) {
      throw new IllegalArgumentException(
          "expected at least " + count + " units, found " + all.size());
    }
    all.sort(Comparator.comparingDouble(Unit::score).reversed());
    List<Unit> best = all.subList(0, count);
    List<int[]> members = new ArrayList<>();
    for (int member = 0; member < scores.size(); member++) {
      int of = member;
      members.add(
          best.stream().filter(u -> u.member == of).mapToInt(Unit::index).sorted().toArray());
    }
    return new Kept(members);
  }

  /** Where the units of a member begin in the result. */
  int offset(int member) {
    return members.subList(0, member).stream().mapToInt(units -> units.length).sum();
  }
}

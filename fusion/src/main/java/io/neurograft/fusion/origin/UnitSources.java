package io.neurograft.fusion.origin;

import java.util.ArrayList;
import java.util.List;

/**
 * What the units of one group were made of.
 *
 * @param units the sources of each unit, whose weights sum to 1; none where no member's unit was
 *     used
 */
public record UnitSources(List<List<Source>> units) {
  public UnitSources {
    units = units.stream().map(List::copyOf).toList();
  }

  /** A member's own units, each made of itself. */
  public static UnitSources own(int member, int units) {
    Sum sum = new Sum(units);
    for (int unit = 0; unit < units; unit++) {
      sum.add(unit, new Source(member, unit, 1));
    }
    return sum.units();
  }

  /**
   * Plain means of one unit of each member.
   *
   * @param orders for each member which of its units goes into each mean
   */
  public static UnitSources mean(List<int[]> orders) {
    Sum sum = new Sum(orders.get(0).length);
    for (int member = 0; member < orders.size(); member++) {
      int[] order = orders.get(member);
      for (int unit = 0; unit < order.length; unit++) {
        sum.add(unit, new Source(member, order[unit], 1.0 / orders.size()));
      }
    }
    return sum.units();
  }

  /** Collects the sources of each unit of a group. */
  public static final class Sum {
    private final List<List<Source>> units = new ArrayList<>();

    /** So many units, of nothing yet. */
    public Sum(int count) {
      for (int unit = 0; unit < count; unit++) {
        units.add(new ArrayList<>());
      }
    }

    /** Adds a source to a unit. */
    public void add(int unit, Source source) {
      units.get(unit).add(source);
    }

    /** Adds a part of what another unit was made of. */
    public void add(int unit, List<Source> sources, double amount) {
      sources.forEach(source -> add(unit, source.times(amount)));
    }

    /** What was collected. */
    public UnitSources units() {
      return new UnitSources(units);
    }
  }
}

package io.neurograft.fusion.origin;

import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Where the units of one group of a fused network come from. Numbers are rounded to six digits,
 * since they are for reading.
 *
 * @param group the group's index
 * @param name the layer that makes its units first
 * @param note what the units were made of where that is no member's units: {@code labels} for
 *     classes that were fitted to labels; empty otherwise
 * @param shares each member's part of the group, in the members' order: the mean over the units of
 *     the weights of its sources. They sum to 1, or are all 0 where no unit has a source.
 * @param units the sources of each unit, by member and unit; their weights sum to 1
 */
public record GroupOrigin(
    int group, String name, String note, List<Double> shares, List<List<Source>> units) {
  private static final double DIGITS = 1e6;

  public GroupOrigin {
    shares = List.copyOf(shares);
    units = units.stream().map(List::copyOf).toList();
  }

  /**
   * A group that was made of the members' units.
   *
   * @param members how many members there are
   */
  public static GroupOrigin of(UnitGroup group, int members, UnitSources sources) {
    return new GroupOrigin(
        group.index(),
        group.name(),
        "",
        shares(members, sources.units()),
        sources.units().stream().map(GroupOrigin::readable).toList());
  }

  /** Classes that were fitted to labels, whatever the members say of them. */
  public static GroupOrigin labels(UnitGroup classes, int members) {
    UnitSources none = new UnitSources.Sum(classes.units()).units();
    return new GroupOrigin(
        classes.index(), classes.name(), "labels", shares(members, none.units()), none.units());
  }

  private static List<Double> shares(int members, List<List<Source>> units) {
    double[] sums = new double[members];
    units.forEach(sources -> sources.forEach(s -> sums[s.member()] += s.weight()));
    List<Double> shares = new ArrayList<>();
    for (double sum : sums) {
      shares.add(rounded(sum / units.size()));
    }
    return shares;
  }

  /** In the members' order, without what is next to nothing. */
  private static List<Source> readable(List<Source> sources) {
    return sources.stream()
        .map(source -> new Source(source.member(), source.unit(), rounded(source.weight())))
        .filter(source -> source.weight() > 0)
        .sorted(Comparator.comparingInt(Source::member).thenComparingInt(Source::unit))
        .toList();
  }

  private static double rounded(double value) {
    return Math.round(value * DIGITS) / DIGITS;
  }
}

package io.neurograft.fusion.transplant;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which units of a group go into the result, donor by donor.
 *
 * @param units how many the result has
 */
record Kept(List<Part> donors, int units) {
  Kept {
    donors = List.copyOf(donors);
  }

  /**
   * The units of one donor.
   *
   * @param units in ascending order
   * @param places where each goes in the result; several units may go to one place
   * @param amounts each unit's weight in the mean of the units at its place
   */
  record Part(List<Integer> units, List<Integer> places, List<Double> amounts) {
    Part {
      units = List.copyOf(units);
      places = List.copyOf(places);
      amounts = List.copyOf(amounts);
    }
  }

  private record Unit(int donor, int index, double score) {}

  /** All units, those of the first donor, then those of the second, and so on. */
  static Kept all(List<Integer> units) {
    return sideBySide(units.stream().map(n -> range(0, n)).toList());
  }

  /**
   * The best units, chosen jointly over all donors; of equals the first.
   *
   * @param scores one score for each unit of each donor
   * @throws IllegalArgumentException if there are fewer than {@code count}
   */
  static Kept best(List<double[]> scores, int count) {
    List<Unit> all = new ArrayList<>();
    for (int donor = 0; donor < scores.size(); donor++) {
      for (int unit = 0; unit < scores.get(donor).length; unit++) {
        all.add(new Unit(donor, unit, scores.get(donor)[unit]));
      }
    }
    if (all.size() < count) {
      throw new IllegalArgumentException(
          "expected at least " + count + " units, found " + all.size());
    }
    all.sort(Comparator.comparingDouble(Unit::score).reversed());
    List<Unit> best = all.subList(0, count);
    List<List<Integer>> donors = new ArrayList<>();
    for (int donor = 0; donor < scores.size(); donor++) {
      int of = donor;
      donors.add(best.stream().filter(u -> u.donor == of).map(Unit::index).sorted().toList());
    }
    return sideBySide(donors);
  }

  /**
   * The best units of each donor by itself; of equals the first.
   *
   * @param counts how many of each donor
   */
  static Kept bestOfEach(List<double[]> scores, int[] counts) {
    List<List<Integer>> donors = new ArrayList<>();
    for (int donor = 0; donor < counts.length; donor++) {
      donors.add(best(List.of(scores.get(donor)), counts[donor]).donors.get(0).units());
    }
    return sideBySide(donors);
  }

  private static Kept sideBySide(List<List<Integer>> donors) {
    List<Part> parts = new ArrayList<>();
    int offset = 0;
    for (List<Integer> units : donors) {
      int end = offset + units.size();
      parts.add(new Part(units, range(offset, end), Collections.nCopies(units.size(), 1.0)));
      offset = end;
    }
    return new Kept(parts, offset);
  }

  private static List<Integer> range(int from, int to) {
    return IntStream.range(from, to).boxed().toList();
  }
}

package io.neurograft.simulator.report;

import io.neurograft.fusion.origin.Source;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One unit of a fused network as a cell of the drawing.
 *
 * @param unit its index
 * @param sources what it was made of
 * @param bySite the weight of each site's units in it, by the site's index
 */
record UnitCell(int unit, List<Source> sources, Map<Integer, Double> bySite) {
  private static final int MOST_TOLD = 4;

  /** By the site that a unit has most of, the purest first. */
  private static final Comparator<UnitCell> BY_SITE =
      Comparator.comparingInt(UnitCell::site)
          .thenComparing(Comparator.comparingDouble(UnitCell::purity).reversed());

  private static UnitCell of(int unit, List<Source> sources) {
    Map<Integer, Double> bySite = new TreeMap<>();
    sources.forEach(source -> bySite.merge(source.member(), source.weight(), Double::sum));
    return new UnitCell(unit, sources, bySite);
  }

  /**
   * The cells of a level, by site.
   *
   * @param most the largest number of cells; of more units so many are chosen, evenly
   */
  static List<UnitCell> of(List<List<Source>> units, int most) {
    List<UnitCell> all =
        IntStream.range(0, units.size())
            .mapToObj(unit -> of(unit, units.get(unit)))
            .sorted(BY_SITE)
            .toList();
    int count = Math.min(most, all.size());
    return IntStream.range(0, count)
        .mapToObj(cell -> all.get((int) ((long) cell * all.size() / count)))
        .toList();
  }

  /** The index of the site that it has most of; of equals the first. */
  private int site() {
    return bySite.entrySet().stream()
        .filter(entry -> entry.getValue() == purity())
        .mapToInt(Map.Entry::getKey)
        .findFirst()
        .orElse(0);
  }

  private double purity() {
    return bySite.values().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  /**
   * Its sources in words, the heaviest first.
   *
   * @param noun what a unit is called here
   */
  String words(String noun, List<String> sites) {
    String told =
        sources.stream()
            .sorted(Comparator.comparingDouble(Source::weight).reversed())
            .limit(MOST_TOLD)
            .map(source -> words(noun, sites, source))
            .collect(Collectors.joining(", "));
    int rest = sources.size() - MOST_TOLD;
    return noun + " " + unit + ": " + told + (rest > 0 ? " and " + rest + " more" : "");
  }

  private static String words(String noun, List<String> sites, Source source) {
    String from = "%s %s %d".formatted(sites.get(source.member()), noun, source.unit());
    return source.weight() == 1
        ? from
        : String.format(Locale.ROOT, "%s (%.2f)", from, source.weight());
  }
}

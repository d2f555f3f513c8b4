package io.neurograft.fusion.screen;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Judges the members of a cohort, of which most are taken to be honest. The order in which they are
 * given does not matter.
 */
public final class Screening {
  /**
   * Where half of the members agree less with the labels, or the model that was tuned did, nothing
   * has been learnt yet that could be judged.
   */
  private static final double LEARNT = 0.3;

  private static final Comparator<Map.Entry<String, Double>> LARGEST = Map.Entry.comparingByValue();
  private static final Comparator<Map.Entry<String, Double>> FURTHEST =
      Comparator.comparingDouble(ratio -> Math.abs(Math.log(ratio.getValue())));

  private final List<Portrait> cohort;
  private final Limits limits;

  private Screening(List<Portrait> cohort, Limits limits) {
    this.cohort = cohort;
    this.limits = limits;
  }

  /** Judges members, before they are fused. */
  public static List<Verdict> members(List<Portrait> cohort, Limits limits) {
    Screening screening = new Screening(cohort, limits);
    return screening.withoutCopies(screening.judge(FURTHEST, limits.norm(), 1 / limits.norm()));
  }

  /** Judges what sites made of one model, before it is averaged; small changes do no harm. */
  public static List<Verdict> tuned(List<Portrait> cohort, Limits limits) {
    return new Screening(cohort, limits).judge(LARGEST, limits.update(), 0);
  }

  /**
   * @param worst which of a member's ratios to the medians may have to pass the limits
   */
  private List<Verdict> judge(
      Comparator<Map.Entry<String, Double>> worst, double largest, double smallest) {
    Map<String, Double> norms = medians(Portrait::norms);
    Map<String, Double> scores = medians(Portrait::scores);
    Optional<Double> agreement =
        Median.of(cohort.stream().flatMap(p -> p.agreement().stream()).toList());
    List<Verdict> verdicts = new ArrayList<>();
    for (Portrait portrait : cohort) {
      Map.Entry<String, Double> norm = worst(portrait.norms(), norms, worst);
      Map.Entry<String, Double> score = worst(portrait.scores(), scores, LARGEST);
      Verdict passed =
          new Verdict(portrait.name(), Optional.empty(), norm.getValue(), portrait.agreement());
      if (norm.getValue() > largest || norm.getValue() < smallest) {
        verdicts.add(passed.because(size(norm, largest)));
      } else if (score.getValue() > limits.scores()) {
        verdicts.add(passed.because(size(score, limits.scores())));
      } else {
        verdicts.add(doubt(portrait, agreement).map(passed::because).orElse(passed));
      }
    }
    return verdicts;
  }

  private String size(Map.Entry<String, Double> found, double limit) {
    return String.format(
        Locale.ROOT,
        "the %s are %.3g times as large as the median of the %d members; the limit is %s%.3g",
        found.getKey(),
        found.getValue(),
        cohort.size(),
        found.getValue() < 1 ? "1/" : "",
        limit);
  }

  private Optional<String> doubt(Portrait portrait, Optional<Double> median) {
    if (median.isEmpty() || portrait.agreement().isEmpty()) {
      return Optional.empty();
    }
    // Of a model that knew little of a site's classes, honest tuning may not have made more yet.
    double usual = Math.min(median.get(), portrait.before().orElse(1.0));
    double least = limits.agreement() * usual;
    double found = portrait.agreement().get();
    return usual < LEARNT || found >= least
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "on the classes that its site holds it agrees with the labels to %.2f (1 is all, 0"
                    + " is chance); %.2f is usual, the limit is %.2f",
                found,
                usual,
                least));
  }

  /**
   * Lets one of several members that are alike pass. Their weights are the same, so that the fusion
   * loses nothing; who made them cannot be proven. The one stays whose weights agree best with the
   * classes of its own site, as those of the site that trained them do, or else the first by name.
   */
  private List<Verdict> withoutCopies(List<Verdict> verdicts) {
    Comparator<Integer> better =
        Comparator.<Integer>comparingDouble(i -> -verdicts.get(i).agreement().orElse(0.0))
            .thenComparing(i -> verdicts.get(i).name());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < verdicts.size(); i++) {
      if (verdicts.get(i).passed()) {
        order.add(i);
      }
    }
    order.sort(better);
    List<Verdict> judged = new ArrayList<>(verdicts);
    List<Integer> kept = new ArrayList<>();
    for (int member : order) {
      Optional<Integer> original =
          kept.stream().filter(other -> likeness(member, other) >= limits.likeness()).findFirst();
      if (original.isPresent()) {
        String why =
            String.format(
                Locale.ROOT,
                "its weights are those of %s (cosine %.3f): one of the two is a copy, and fits the"
                    + " classes of %s no worse",
                cohort.get(original.get()).name(),
                likeness(member, original.get()),
                cohort.get(original.get()).name());
        judged.set(member, verdicts.get(member).because(why));
      } else {
        kept.add(member);
      }
    }
    return judged;
  }

  private double likeness(int member, int other) {
    return cohort.get(member).likeness(cohort.get(other));
  }

  /** The median of each size; none where there is no majority. */
  private Map<String, Double> medians(Function<Portrait, Map<String, Double>> sizes) {
    if (cohort.size() < Median.MAJORITY) {
      return Map.of();
    }
    Map<String, List<Double>> values = new HashMap<>();
    for (Portrait portrait : cohort) {
      sizes
          .apply(portrait)
          .forEach(
              (place, size) -> values.computeIfAbsent(place, p -> new ArrayList<>()).add(size));
    }
    Map<String, Double> medians = new HashMap<>();
    values.forEach((place, all) -> Median.of(all).ifPresent(m -> medians.put(place, m)));
    return medians;
  }

  /** The ratio to its median of the size that is worst; 1 where nothing is compared. */
  private static Map.Entry<String, Double> worst(
      Map<String, Double> sizes,
      Map<String, Double> medians,
      Comparator<Map.Entry<String, Double>> worst) {
    return sizes.entrySet().stream()
        .map(size -> Map.entry(size.getKey(), ratio(size, medians)))
        .max(worst.thenComparing(Map.Entry::getKey))
        .orElse(Map.entry("", 1.0));
  }

  private static double ratio(Map.Entry<String, Double> size, Map<String, Double> medians) {
    double median = medians.getOrDefault(size.getKey(), size.getValue());
    // Of two zeros, too; and finite where only the median is zero.
    return size.getValue() == median ? 1 : Math.min(size.getValue() / median, Double.MAX_VALUE);
  }
}

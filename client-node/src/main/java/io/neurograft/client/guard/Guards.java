package io.neurograft.client.guard;

import io.neurograft.neural.config.ConfigNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a site answers, as its own configuration says.
 *
 * <pre>{@code
 * guards:
 *   answers: [grams, step, refinement]
 *   minimum-rows: 64
 *   largest-answer-mib: 1024
 *   repeats: 3
 *   masked-only: true
 *   minimum-sites: 3
 *   privacy: {epsilon: 1, delta: 0.00001, clip: 10, lifetime-epsilon: 4}
 * }</pre>
 *
 * @param answers the kinds that are answered besides {@link Kind#KEY}, which always is; by default
 *     all
 * @param minimumRows the fewest examples that an answer may be over, at least 1; by default 64
 * @param largestAnswer the most bytes of one answer; by default 1 GiB
 * @param repeats how many different questions of one run, method, kind and step about the same data
 *     are answered, at least 1; by default 6
 * @param maskedOnly whether only masked sums are answered; by default not
 * @param minimumSites the fewest sites in a masked sum, at least 2; by default 2
 * @param privacy empty for exact answers
 */
public record Guards(
    Set<Kind> answers,
    long minimumRows,
    long largestAnswer,
    int repeats,
    boolean maskedOnly,
    int minimumSites,
    Optional<Privacy> privacy) {
  private static final List<Kind> CHOICES =
      Arrays.stream(Kind.values()).filter(kind -> kind != Kind.KEY).toList();
  private static final long MIB = 1 << 20;
  private static final int MOST = Integer.MAX_VALUE;

  /** What a site answers whose configuration says nothing about it. */
  public static final Guards DEFAULTS =
      new Guards(Set.copyOf(CHOICES), 64, 1024 * MIB, 6, false, 2, Optional.empty());

  /** Copies the set. */
  public Guards {
    answers = Set.copyOf(answers);
  }

  /**
   * Differential privacy of what a run is told, by {@link GaussianMechanism}.
   *
   * @param epsilon of one run, 0.001 to 1000
   * @param delta of one run, and of all runs together, 1e-12 to 0.5; by default 1e-5
   * @param clip the L2 norm that a row is clipped to, at least 0.001
   * @param lifetimeEpsilon of all runs about the same data, at least epsilon; empty for no bound
   */
  public record Privacy(double epsilon, double delta, double clip, OptionalDouble lifetimeEpsilon) {
    /** So that rounding never carries a run's sum of squares above what its epsilon allows. */
    private static final double MARGIN = 1e-9;

    static Privacy from(ConfigNode node) {
      double epsilon = node.decimal("epsilon", 0.001, 1000);
      return new Privacy(
          epsilon,
          node.decimalOr("delta", 1e-12, 0.5, 1e-5),
          node.decimal("clip", 0.001, MOST),
          node.has("lifetime-epsilon")
              ? OptionalDouble.of(node.decimal("lifetime-epsilon", epsilon, MOST))
              : OptionalDouble.empty());
    }

    /** The mu of each of some answers that together spend a run's epsilon. */
    double mu(int answers) {
      return GaussianMechanism.mu(epsilon, delta) * (1 - MARGIN) / Math.sqrt(answers);
    }
  }

  /** Reads the section {@code guards} of a node's configuration. */
  public static Guards from(ConfigNode node) {
    needsMore(node, "answers", "a list, [] for no answer at all");
    needsMore(node, "privacy", "a mapping with the keys epsilon and clip");
    return new Guards(
        node.has("answers") ? answers(node.items("answers")) : DEFAULTS.answers,
        node.integerOr("minimum-rows", 1, MOST, DEFAULTS.minimumRows),
        node.integerOr("largest-answer-mib", 1, MOST, DEFAULTS.largestAnswer / MIB) * MIB,
        (int) node.integerOr("repeats", 1, MOST, DEFAULTS.repeats),
        node.flag("masked-only", DEFAULTS.maskedOnly),
        (int) node.integerOr("minimum-sites", 2, MOST, DEFAULTS.minimumSites),
        node.section("privacy").map(Privacy::from));
  }

  /** A key without a value would silently count as missing, and so answer more than was meant. */
  private static void needsMore(ConfigNode node, String key, String expected) {
    if (node.value().path(key).isNull()) {
      node.fault(key, "expected " + expected + ", found nothing");
    }
  }

  private static Set<Kind> answers(List<ConfigNode> items) {
    Set<Kind> answers = new LinkedHashSet<>();
    for (ConfigNode item : items) {
      String word = item.value().asText();
      CHOICES.stream()
          .filter(kind -> kind.word().equals(word))
          .findFirst()
          .ifPresentOrElse(
              answers::add,
              () -> item.fault("expected one of " + words(CHOICES) + ", found \"" + word + "\""));
    }
    return answers;
  }

  private static String words(List<Kind> kinds) {
    return kinds.stream().map(Kind::word).collect(Collectors.joining(", "));
  }

  /** Why a question is not answered, whatever was asked before; empty where nothing forbids it. */
  List<String> objections(Asked asked) {
    List<String> objections = new ArrayList<>();
    if (!answers.contains(asked.kind())) {
      String allowed = words(CHOICES.stream().filter(answers::contains).toList());
      objections.add("guards.answers is [" + allowed + "]");
    }
    if (asked.seesLabels() && asked.kind() != Kind.HEAD && !answers.contains(Kind.HEAD)) {
      objections.add("it sees labels, guards.answers has no head");
    }
    if (asked.examples() < minimumRows) {
      objections.add(
          "it is over " + asked.examples() + " examples, guards.minimum-rows is " + minimumRows);
    }
    if (asked.answerBytes() > largestAnswer) {
      objections.add(
          "its answer has %d bytes, guards.largest-answer-mib is %d (%d bytes)"
              .formatted(asked.answerBytes(), largestAnswer / MIB, largestAnswer));
    }
    int sites = new HashSet<>(asked.maskedOver()).size();
    if (sites == 0 && maskedOnly) {
      objections.add("its sum is not masked, guards.masked-only is true");
    }
    if (sites > 0 && sites < minimumSites) {
      objections.add(
          "its masked sum is over %d %s, guards.minimum-sites is %d"
              .formatted(sites, sites == 1 ? "site" : "sites", minimumSites));
    }
    return objections;
  }
}

package io.neurograft.fusion.screen;

import io.neurograft.neural.config.ConfigNode;

/**
 * What a member may be like and pass.
 *
 * <p>The factors are fixed, not multiples of the cohort's own spread: of four members, one of them
 * hostile, a spread says little, and who sends the weights also has a hand in the spread.
 *
 * <p>Measured on honest members of shards of 100 to 1800 examples (docs/poisoning.md): norms within
 * 0.48 and 3.9 of the median, changes up to 6.4, agreements from 0.44 of the median on; cosines
 * below 0.06 between strangers, from 0.29 to 0.48 after eight epochs from the same first weights. A
 * copy with noise of half its norm has 0.9.
 *
 * @param norm how many times as large, or as small, as the cohort's median the norm of a level may
 *     be; at least 1
 * @param scores how many times as large as the cohort's median the mean score of a group may be; at
 *     least 1. Scores grow with the logits, and so with the length of the training.
 * @param likeness from which cosine of their weights on two members count as one and its copy; from
 *     0 to 1
 * @param agreement the least agreement with the labels ({@link Agreement}), as a share of the
 *     cohort's median; from 0 to 1
 * @param update how many times as large as the cohort's median a change by fine-tuning may be; at
 *     least 1. A site with more examples takes more steps; small changes do no harm.
 * @param share how many times as many examples as the median's may count of one site in a mean over
 *     sites; at least 1
 * @param examples on how many examples of the coordinator agreement is measured at the most
 */
public record Limits(
    double norm,
    double scores,
    double likeness,
    double agreement,
    double update,
    double share,
    int examples) {
  /** Where nothing is said. */
  public static final Limits DEFAULT = new Limits(10, 20, 0.9, 0.3, 30, 4, 1000);

  private static final double LARGEST = 1e6;

  /** Reads limits, noting faults where they stand. */
  public static Limits from(ConfigNode node) {
    return new Limits(
        node.decimalOr("norm", 1, LARGEST, DEFAULT.norm),
        node.decimalOr("scores", 1, LARGEST, DEFAULT.scores),
        node.decimalOr("likeness", 0, 1, DEFAULT.likeness),
        node.decimalOr("agreement", 0, 1, DEFAULT.agreement),
        node.decimalOr("update", 1, LARGEST, DEFAULT.update),
        node.decimalOr("share", 1, LARGEST, DEFAULT.share),
        (int) node.integerOr("examples", 1, 100_000_000, DEFAULT.examples));
  }
}

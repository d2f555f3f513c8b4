package io.neurograft.coordinator.run;

import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.exchange.Plan;
import io.neurograft.neural.masking.FixedPoint;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.RowSampling;

/**
 * How moments are gathered from the sites, whose examples stay there.
 *
 * @param precision of products and of numbers on their way
 * @param rowsPerColumn how many rows a fit wants for each of its columns
 * @param minimumSites how many sites must answer each question
 * @param secure whether answers are masked, so that only their sum can be read
 * @param fractionBits binary digits behind the point of masked numbers
 * @param spareAnswers how many answers more than it will need the run announces to the sites, for
 *     questions that have to be asked again: a site with differential privacy keeps a share for
 *     each
 * @param budget of the S of a level; sites project a level's inputs where it would be over it
 */
public record Federation(
    Plan.Precision precision,
    int rowsPerColumn,
    int minimumSites,
    boolean secure,
    int fractionBits,
    int spareAnswers,
    LevelBudget budget) {
  /** Where nothing but the word is said. */
  public static final Federation DEFAULT =
      new Federation(
          Plan.Precision.MIXED,
          RowSampling.PER_COLUMN,
          1,
          false,
          FixedPoint.DEFAULT_FRACTION_BITS,
          2,
          LevelBudget.NONE);

  private static final int MOST_ROWS = 1000;
  private static final int MOST_SITES = 100_000;
  private static final int LEAST_MASKED = 2;

  static Federation from(ConfigNode node) {
    boolean secure = node.flag("secure", DEFAULT.secure);
    int least = secure ? LEAST_MASKED : 1;
    return new Federation(
        node.choice("precision", Plan.Precision.class, DEFAULT.precision),
        (int) node.integerOr("rows-per-column", 1, MOST_ROWS, DEFAULT.rowsPerColumn),
        (int) node.integerOr("minimum", least, MOST_SITES, least),
        secure,
        (int) node.integerOr("fraction-bits", 0, 40, DEFAULT.fractionBits),
        (int) node.integerOr("spare-answers", 0, 1000, DEFAULT.spareAnswers),
        LevelBudget.from(node));
  }
}

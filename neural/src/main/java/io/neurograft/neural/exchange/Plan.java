package io.neurograft.neural.exchange;

import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.neural.collection.Collector;
import io.neurograft.neural.collection.Grams;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.MomentSettings;
import io.neurograft.neural.moments.RowSampling;

/**
 * What all questions of one fusion have in common.
 *
 * @param precision of products, and of the numbers on their way
 * @param grams what Gram matrices are of
 * @param sampling which positions of an example give rows
 * @param examples how many examples all sites have together; at least 1
 * @param answers how many answers the whole run, by all its methods, will ask of a site, if no step
 *     has to be asked for again; at least 1
 * @param budget of a step's S; inputs are projected where it would be over it
 */
public record Plan(
    Precision precision,
    Grams grams,
    RowSampling sampling,
    long examples,
    int answers,
    LevelBudget budget) {
  private static final String BUDGET = "level-budget";
  private static final int MOST_ROWS = 1_000_000;
  private static final int MOST_ANSWERS = 1_000_000;

  /** The precision of products and of numbers on their way; sums are always in double precision. */
  public enum Precision {
    /** Single precision. */
    MIXED(DataType.FLOAT32),
    /** Double precision: how examples lie on sites does not matter to the last digits. */
    FLOAT64(DataType.FLOAT64);

    private final DataType type;

    Precision(DataType type) {
      this.type = type;
    }

    /** The engine's data type. */
    public DataType type() {
      return type;
    }
  }

  /** How moments are computed where they leave: rows themselves are never held. */
  public MomentSettings moments() {
    return new MomentSettings(precision.type(), false);
  }

  /** How a site collects. */
  Collector.Settings collecting(long keptBytes) {
    return new Collector.Settings(moments(), sampling, examples, keptBytes, budget);
  }

  static Plan from(ConfigNode node) {
    return new Plan(
        node.choice("precision", Precision.class, Precision.MIXED),
        new Grams(node.flag("activated", true), node.flag("labels", false)),
        new RowSampling(
            node.integer("row-seed", Long.MIN_VALUE, Long.MAX_VALUE),
            (int) node.integer("rows-per-column", 1, MOST_ROWS)),
        node.integer("examples", 1, Long.MAX_VALUE),
        (int) node.integer("answers", 1, MOST_ANSWERS),
        new LevelBudget(node.integerOr(BUDGET, 1, Long.MAX_VALUE, LevelBudget.NONE.numbers())));
  }

  void write(ObjectNode node) {
    node.put("precision", ConfigNode.word(precision))
        .put("activated", grams.activated())
        .put("labels", grams.labels())
        .put("row-seed", sampling.seed())
        .put("rows-per-column", sampling.perColumn())
        .put("examples", examples)
        .put("answers", answers);
    if (!budget.equals(LevelBudget.NONE)) {
      node.put(BUDGET, budget.numbers());
    }
  }
}

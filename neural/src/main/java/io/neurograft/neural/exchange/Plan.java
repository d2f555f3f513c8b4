package io.neurograft.neural.exchange;

import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.neural.collection.Collector;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.MomentSettings;
import io.neurograft.neural.moments.RowSampling;
import java.util.List;

/**
 * What all questions of one fusion have in common.
 *
 * @param precision of products, and of the numbers on their way
 * @param activated whether Gram matrices are of post-activations
 * @param sampling which positions of an example give rows
 * @param examples how many examples all sites have together; at least 1
 * @param refinements how often a rectified step is fitted again; 0 or more
 */
public record Plan(
    Precision precision, boolean activated, RowSampling sampling, long examples, int refinements) {
  private static final int MOST_ROWS = 1_000_000;
  private static final int MOST_REFINEMENTS = 100;

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
    return new Collector.Settings(moments(), sampling, examples, keptBytes);
  }

  /** How many answers a site will give, if no step has to be asked for again. */
  public int answers(List<FitStep> steps) {
    long rectified = steps.stream().filter(FitStep::rectified).count();
    return Math.toIntExact(1 + steps.size() + refinements * rectified);
  }

  static Plan from(ConfigNode node) {
    return new Plan(
        node.choice("precision", Precision.class, Precision.MIXED),
        node.flag("activated", true),
        new RowSampling(
            node.integer("row-seed", Long.MIN_VALUE, Long.MAX_VALUE),
            (int) node.integer("rows-per-column", 1, MOST_ROWS)),
        node.integer("examples", 1, Long.MAX_VALUE),
        (int) node.integer("refinements", 0, MOST_REFINEMENTS));
  }

  void write(ObjectNode node) {
    node.put("precision", ConfigNode.word(precision))
        .put("activated", activated)
        .put("row-seed", sampling.seed())
        .put("rows-per-column", sampling.perColumn())
        .put("examples", examples)
        .put("refinements", refinements);
  }
}

package io.neurograft.simulator.bench;

import io.neurograft.fusion.FusionMethod;
import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.moments.LevelBudget;
import java.util.List;
import java.util.Locale;

/**
 * What the accuracy benchmark fuses: every case by every method.
 *
 * @param seed of everything that is drawn but the members
 */
public record AccuracyPlan(List<BenchmarkCase> cases, List<Row> methods, long seed) {
  public AccuracyPlan {
    cases = List.copyOf(cases);
    methods = List.copyOf(methods);
  }

  /**
   * A method with what it is given, a row of the table.
   *
   * @param samples how many training examples, drawn by class
   * @param scores how units are weighted
   * @param budget of the S of a level
   */
  public record Row(FusionMethod method, int samples, ScoreMethod scores, LevelBudget budget) {
    static Row from(ConfigNode node) {
      return new Row(
          FusionMethod.from(node.requiredSection("method")),
          (int) node.integerOr("samples", 1, Integer.MAX_VALUE, 400),
          node.choice("scores", ScoreMethod.class, ScoreMethod.UNIFORM),
          LevelBudget.from(node));
    }

    /** The row's name, such as {@code interpolate-kmeans-mean, 400 images, conductance}. */
    public String label() {
      StringBuilder label = new StringBuilder(method.label());
      if (method.needsData()) {
        label.append(String.format(Locale.ROOT, ", %,d images", samples));
      }
      if (scores != ScoreMethod.UNIFORM) {
        label.append(", ").append(ConfigNode.word(scores));
      }
      if (!budget.equals(LevelBudget.NONE)) {
        label.append(String.format(Locale.ROOT, ", levels of %.3g MiB", budget.mebibytes()));
      }
      return label.toString();
    }
  }

  /** Reads a plan, noting its faults. */
  public static AccuracyPlan from(ConfigNode node) {
    return new AccuracyPlan(
        node.items("cases").stream().map(BenchmarkCase::from).toList(),
        node.items("methods").stream().map(Row::from).toList(),
        node.integerOr("seed", Long.MIN_VALUE, Long.MAX_VALUE, 42));
  }
}

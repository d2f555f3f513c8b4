package io.neurograft.simulator.report;

import io.neurograft.neural.collection.Clusters;
import io.neurograft.neural.collection.Grams;
import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.exchange.Plan;
import io.neurograft.neural.exchange.Question;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.RowSampling;
import io.neurograft.neural.network.NetworkSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What a site sends in a federated fusion, before there is one: it follows from the network alone.
 */
public final class AnswerTable {
  private static final int PLAIN = 4; // bytes of a number
  private static final int MASKED = 8;
  private static final int REFINEMENTS = 2;
  private static final double SECOND = 12.5e6; // bytes, at 100 Mbit/s

  private final MomentShapes shapes;
  private final Plan plan;
  private final NetworkSpec network;
  private final List<List<String>> rows = new ArrayList<>();
  private long numbers;

  private AnswerTable(NetworkSpec network, int members, LevelBudget budget) {
    this.network = network;
    this.shapes = new MomentShapes(network, members).within(budget);
    this.plan =
        new Plan(Plan.Precision.MIXED, new Grams(true, true), new RowSampling(0, 1), 1, 1, budget);
  }

  /**
   * A table with a row for each step.
   *
   * @param members how many members of this network are fused, by selection with a labels head
   * @param budget of the S of a step
   */
  public static String of(NetworkSpec network, int members, LevelBudget budget) {
    return new AnswerTable(network, members, budget).text();
  }

  private String text() {
    rows.add(
        List.of("question", "columns", "MB", "each refinement", "masked", "seconds at 100 Mbit/s"));
    add("Gram matrices", "", Question.grams(plan).numbers(shapes), 0);
    for (FitStep step : shapes.steps()) {
      boolean head = step.index() == shapes.steps().size() - 1;
      Clusters clusters = selected(step);
      Question.Kind kind = head ? Question.Kind.HEAD : Question.Kind.STEP;
      long refined =
          step.rectified() && !head
              ? Question.of(Question.Kind.REFINEMENT, step.index(), clusters, plan).numbers(shapes)
              : 0;
      add(
          head ? "head" : "step " + step.index() + ", " + step.place(),
          Integer.toString(shapes.columns(step.index()) + 1),
          Question.of(kind, step.index(), clusters, plan).numbers(shapes),
          refined);
    }
    rows.add(
        List.of(
            "all",
            "",
            megabytes(PLAIN * numbers),
            "",
            megabytes(MASKED * numbers),
            seconds(numbers)));
    return MarkdownTable.of(rows);
  }

  private void add(String question, String columns, long once, long refined) {
    long all = once + REFINEMENTS * refined;
    numbers += all;
    rows.add(
        List.of(
            question,
            columns,
            megabytes(PLAIN * once),
            refined == 0 ? "" : megabytes(PLAIN * refined),
            megabytes(MASKED * all),
            seconds(all)));
  }

  private Clusters selected(FitStep step) {
    int fused = network.groups().get(step.group()).units();
    return Clusters.singletons(IntStream.range(0, fused).toArray(), shapes.units(step));
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.2f", bytes / 1e6);
  }

  private static String seconds(long count) {
    return String.format(Locale.ROOT, "%.1f", PLAIN * count / SECOND);
  }
}

package io.neurograft.simulator.report;

import io.neurograft.simulator.baseline.BaselineResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run's figures as a table for a terminal; it is Markdown as well. */
public final class ResultTable {
  private ResultTable() {}

  /** The table, with a line end after each row. */
  public static String of(RunResult result) {
    return MarkdownTable.of(rows(result));
  }

  /** The table's cells, row by row; the first row names the columns. */
  static List<List<String>> rows(RunResult result) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("network", "accuracy", "after fine-tuning", "seconds"));
    for (RunResult.SiteResult site : result.sites()) {
      String name = "member of " + site.site() + (site.leftOut() == null ? "" : ", left out");
      rows.add(List.of(name, percent(site.figures().accuracy()), "", ""));
    }
    if (result.ensemble() != null) {
      rows.add(List.of("ensemble of all members", percent(result.ensemble().accuracy()), "", ""));
    }
    for (BaselineResult baseline : result.baselines()) {
      rows.add(
          List.of(
              baseline.baseline(), percent(baseline.accuracy()), "", seconds(baseline.seconds())));
    }
    for (RunResult.MethodResult method : result.methods()) {
      rows.add(
          List.of(
              method.method(),
              percent(method.before().accuracy()),
              method.curve().isEmpty() ? "" : percent(method.lastAccuracy()),
              method.seconds() == null ? "" : seconds(method.seconds())));
    }
    return rows;
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.2f", seconds);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }
}

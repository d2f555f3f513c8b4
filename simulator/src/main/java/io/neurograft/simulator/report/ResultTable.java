package io.neurograft.simulator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run's figures as a table for a terminal; it is Markdown as well. */
public final class ResultTable {
  private ResultTable() {}

  /** The table, with a line end after each row. */
  public static String of(RunResult result) {
    return layOut(rows(result));
  }

  /** The table's cells, row by row; the first row names the columns. */
  static List<List<String>> rows(RunResult result) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("network", "accuracy", "after fine-tuning", "seconds"));
    for (RunResult.SiteResult site : result.sites()) {
      rows.add(List.of("member of " + site.site(), percent(site.figures().accuracy()), "", ""));
    }
    if (result.ensemble() != null) {
      rows.add(List.of("ensemble of all members", percent(result.ensemble().accuracy()), "", ""));
    }
    for (RunResult.MethodResult method : result.methods()) {
      rows.add(
          List.of(
              method.method(),
              percent(method.before().accuracy()),
              method.curve().isEmpty() ? "" : percent(method.lastAccuracy()),
              method.seconds() == null
                  ? ""
                  : String.format(Locale.ROOT, "%.2f", method.seconds())));
    }
    return rows;
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private static String layOut(List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      for (int i = 0; i < columns; i++) {
        String format = i == 0 ? "| %-" + widths[i] + "s " : "| %" + widths[i] + "s ";
        text.append(String.format(Locale.ROOT, format, rows.get(r).get(i)));
      }
      text.append("|\n");
      if (r == 0) {
        for (int i = 0; i < columns; i++) {
          text.append(
              i == 0 ? "|" + "-".repeat(widths[i] + 2) : "|" + "-".repeat(widths[i] + 1) + ":");
        }
        text.append("|\n");
      }
    }
    return text.toString();
  }
}

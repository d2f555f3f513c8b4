package io.neurograft.simulator.report;

import java.util.List;
import java.util.Locale;

/**
 * A table that reads well on a terminal and is Markdown as well; all but the first column are
 * numbers.
 */
public final class MarkdownTable {
  private MarkdownTable() {}

  /**
   * Lays out a table, with a line end after each row.
   *
   * @param rows cells, row by row; the first row names the columns
   */
  public static String of(List<List<String>> rows) {
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

package io.neurograft.simulator.report;

import java.util.ArrayList;
import java.util.List;

/** The sites that were hostile or left out; nothing where there are none. */
public final class ScreeningTable {
  private ScreeningTable() {}

  /** The table in Markdown, after an empty line; empty where no site is told of. */
  public static String of(RunResult result) {
    List<List<String>> rows = rows(result);
    return rows.isEmpty() ? "" : "\n" + MarkdownTable.of(rows);
  }

  /** The cells, row by row; the first row names the columns. */
  static List<List<String>> rows(RunResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (RunResult.SiteResult site : result.sites()) {
      if (site.hostile() != null || site.leftOut() != null) {
        rows.add(
            List.of(
                site.site(),
                site.hostile() == null ? "none" : site.hostile(),
                site.leftOut() == null ? "took part" : "left out: " + site.leftOut()));
      }
    }
    if (!rows.isEmpty()) {
      rows.add(0, List.of("site", "attack", "screening"));
    }
    return rows;
  }
}

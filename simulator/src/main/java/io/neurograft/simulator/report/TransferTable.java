package io.neurograft.simulator.report;

import io.neurograft.simulator.report.RunResult.SentWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the sites sent, and what its encoding cost; nothing where weights travelled as they are. */
public final class TransferTable {
  private TransferTable() {}

  /** The table in Markdown, after an empty line; empty where no site encoded its weights. */
  public static String of(RunResult result) {
    List<List<String>> rows = rows(result);
    return rows.isEmpty() ? "" : "\n" + MarkdownTable.of(rows);
  }

  /** The cells, row by row; the first row names the columns. */
  static List<List<String>> rows(RunResult result) {
    List<List<String>> rows = new ArrayList<>();
    for (RunResult.SiteResult site : result.sites()) {
      SentWeights sent = site.transfer();
      if (sent != null && !sent.encoding().equals("none")) {
        rows.add(
            List.of(
                site.site(),
                sent.encoding(),
                Integer.toString(sent.models()),
                Long.toString(sent.bytes()),
                Long.toString(sent.originalBytes()),
                figure(sent.error()),
                figure(sent.largestError())));
      }
    }
    if (!rows.isEmpty()) {
      rows.add(
          0,
          List.of(
              "site",
              "encoding",
              "models",
              "bytes sent",
              "in single precision",
              "relative error",
              "of one tensor"));
    }
    return rows;
  }

  private static String figure(double error) {
    return String.format(Locale.ROOT, "%.2e", error);
  }
}

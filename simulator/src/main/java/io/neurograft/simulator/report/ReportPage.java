package io.neurograft.simulator.report;

import java.util.List;

/** A run's figures as one HTML page: no script, nothing from the network. */
public final class ReportPage {
  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%1$s - Neurograft</title>
      <style>
        :root { color-scheme: light dark; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 820px; margin: 2em auto; padding: 0 1em; }
        h1 { margin-bottom: 0; } h2 { margin-top: 2em; }
        svg { width: 100%%; height: auto; font-size: 12px; }
        svg text { fill: currentColor; }
        .grid { stroke: currentColor; stroke-opacity: 0.15; }
        table { border-collapse: collapse; } td, th { padding: 0.2em 1em 0.2em 0; text-align: left; }
        td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
        code { overflow-wrap: anywhere; }
        .key { white-space: nowrap; margin-right: 1em; }
        .key span { display: inline-block; width: 0.8em; height: 0.8em; border-radius: 2px; }
        .wide { overflow-x: auto; }
      </style>
      </head>
      <body>
      <h1>%1$s</h1>
      <p>%2$d sites share <code>%9$s</code>, dealt out by <code>%10$s</code>, seed %3$d. %4$s</p>
      <p>Every figure is an accuracy on the test split of that data, or a time of the fusion itself, or of a baseline's training.</p>
      %12$s
      <pre>%11$s</pre>
      <h2>Examples of each class at each site</h2>
      %5$s
      <h2>Accuracy</h2>
      <p>Solid: as trained or as fused. Pale: after fine-tuning at the sites.</p>
      %6$s
      <h2>Fine-tuning</h2>
      %7$s
      %13$s
      <h2>All figures</h2>
      %8$s
      %14$s
      %15$s
      </body>
      </html>
      """;

  private static final String BASELINES =
      """
      <p>fedavg and pooled are trained on the sites' own examples: fedavg from a common start, averaged
      after every round; pooled on all of them in one place, as no site may. No site receives them.</p>
      """
          .strip();

  private ReportPage() {}

  /** The page. */
  public static String of(RunResult result) {
    String published =
        result.published() == null
            ? "No model was published."
            : String.format(
                "Published, as the best of all: <b>%s</b>, SHA-256 <code>%s</code>.",
                Svg.escape(result.published().model()), Svg.escape(result.published().digest()));
    return PAGE.formatted(
        Svg.escape(result.name()),
        result.sites().size(),
        result.seed(),
        published,
        Charts.classCounts(result.sites()),
        Charts.accuracies(result),
        Charts.curves(result.methods()),
        table(ResultTable.rows(result)),
        Svg.escape(result.experiment().data()),
        Svg.escape(result.experiment().partition().toString()),
        Svg.escape(result.network().strip()),
        result.baselines().isEmpty() ? "" : BASELINES,
        OriginSection.of(result),
        transfers(result),
        screening(result));
  }

  private static String screening(RunResult result) {
    List<List<String>> rows = ScreeningTable.rows(result);
    return rows.isEmpty()
        ? ""
        : "<h2>Hostile sites and screening</h2>\n<p>Nothing that a site sent is used from when it was"
            + " left out.</p>\n"
            + table(rows);
  }

  private static String transfers(RunResult result) {
    List<List<String>> rows = TransferTable.rows(result);
    return rows.isEmpty()
        ? ""
        : "<h2>Transfers</h2>\n<p>The sites sent their weights encoded; a member's figures are those"
            + " of the decoded one where the coordinator measured it.</p>\n"
            + table(rows);
  }

  private static String table(List<List<String>> rows) {
    StringBuilder html = new StringBuilder("<table>\n");
    String tag = "th";
    for (List<String> row : rows) {
      html.append("<tr>");
      for (int i = 0; i < row.size(); i++) {
        html.append("<").append(tag).append(i == 0 ? ">" : " class=\"number\">");
        html.append(Svg.escape(row.get(i))).append("</").append(tag).append(">");
      }
      html.append("</tr>\n");
      tag = "td";
    }
    return html.append("</table>\n").toString();
  }
}

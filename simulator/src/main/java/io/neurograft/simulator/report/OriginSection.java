package io.neurograft.simulator.report;

import io.neurograft.fusion.origin.GroupOrigin;
import io.neurograft.simulator.report.RunResult.MethodResult;
import java.util.List;

/** The part of a page that tells which sites' units the fused networks were made of. */
final class OriginSection {
  private static final String INTRODUCTION =
      """
      <h2>Whose units the fused networks are made of</h2>
      <p>As fused, before fine-tuning. Bars: each site's share of a level. Cells: one for each unit, sorted
      by site, in the colours of the sites whose units it was made of; point at a cell to read which.%s</p>
      """;

  private OriginSection() {}

  /** The section; empty where no method tells of units. */
  static String of(RunResult result) {
    List<MethodResult> told =
        result.methods().stream().filter(method -> !method.origins().isEmpty()).toList();
    if (told.isEmpty()) {
      return "";
    }
    boolean thinned =
        told.stream()
            .flatMap(method -> method.origins().stream())
            .anyMatch(origin -> origin.units().size() > OriginChart.MOST_CELLS);
    StringBuilder html =
        new StringBuilder(
            INTRODUCTION.formatted(
                thinned
                    ? " Of a level with more than %d units so many are drawn, evenly chosen."
                        .formatted(OriginChart.MOST_CELLS)
                    : ""));
    told.forEach(method -> append(html, method));
    return html.toString();
  }

  private static void append(StringBuilder html, MethodResult method) {
    List<String> sites = method.memberNames();
    html.append("<h3>").append(Svg.escape(method.method())).append("</h3>\n<p>");
    for (int site = 0; site < sites.size(); site++) {
      html.append("<span class=\"key\"><span style=\"background: ")
          .append(Palette.colour(site))
          .append("\"></span> ")
          .append(Svg.escape(sites.get(site)))
          .append("</span>\n");
    }
    html.append("</p>\n")
        .append(new OriginChart(sites, method.origins()).svg(method.method()))
        .append("<details><summary>The shares as a table</summary>\n<div class=\"wide\"><table>\n");
    html.append("<tr><th>level</th><th class=\"number\">units</th>");
    sites.forEach(site -> html.append(cell("th", Svg.escape(site))));
    html.append("</tr>\n");
    method.origins().forEach(origin -> append(html, origin));
    html.append("</table></div></details>\n");
  }

  private static void append(StringBuilder html, GroupOrigin origin) {
    html.append("<tr><td>").append(Svg.escape(origin.name())).append("</td>");
    html.append(cell("td", Integer.toString(origin.units().size())));
    for (double share : origin.shares()) {
      html.append(cell("td", origin.note().isEmpty() ? ResultTable.percent(share) : origin.note()));
    }
    html.append("</tr>\n");
  }

  private static String cell(String tag, String html) {
    return "<%1$s class=\"number\">%2$s</%1$s>".formatted(tag, html);
  }
}

package io.neurograft.coordinator.web;

import io.neurograft.coordinator.conduct.RunDesk;
import io.neurograft.coordinator.conduct.SiteStanding;
import io.neurograft.coordinator.conduct.Versions;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.neural.config.ConfigNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The status page: sites and runs as tables, made on the server, without any script. */
final class StatusPage {
  private static final int MOST_RUNS = 50;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="refresh" content="5">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Neurograft coordinator</title>
      <style>
      body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem;
        padding: 0 1rem; color: #1c2430; background: #fff; }
      table { border-collapse: collapse; width: 100%; }
      th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid #d8dde5;
        vertical-align: top; }
      th { font-weight: 600; color: #586274; }
      .note { color: #586274; }
      </style>
      </head>
      <body>
      """;

  private StatusPage() {}

  static String of(List<RunDesk.ToldSite> sites, List<RunDesk.Told> runs) {
    StringBuilder page = new StringBuilder(HEAD);
    page.append("<h1>Neurograft coordinator</h1>\n<p class=\"note\">Version ")
        .append(escape(Versions.software()))
        .append(". Times are UTC. <a href=\"/metrics\">Metrics</a></p>\n");
    sites(page, sites);
    runs(page, runs);
    return page.append("</body>\n</html>\n").toString();
  }

  private static void sites(StringBuilder page, List<RunDesk.ToldSite> sites) {
    page.append("<h2>Sites</h2>\n");
    if (sites.isEmpty()) {
      page.append("<p class=\"note\">No site has attached yet.</p>\n");
      return;
    }
    page.append("<table>\n");
    row(page, "th", "site", "attached", "last seen", "training examples", "held back", "version");
    for (RunDesk.ToldSite told : sites) {
      StoredSite site = told.site();
      row(
          page,
          "td",
          site.name(),
          told.attached() ? "yes" : "no",
          time(site.lastSeen()),
          site.examples() + " in " + site.classCounts().size() + " classes",
          Long.toString(site.heldBack()),
          site.softwareVersion());
    }
    page.append("</table>\n");
  }

  private static void runs(StringBuilder page, List<RunDesk.Told> runs) {
    page.append("<h2>Runs</h2>\n");
    if (runs.isEmpty()) {
      page.append("<p class=\"note\">No run has been created yet.</p>\n");
      return;
    }
    page.append("<table>\n");
    row(page, "th", "run", "state", "round", "since", "what is going on", "sites");
    for (RunDesk.Told told : runs.subList(0, Math.min(MOST_RUNS, runs.size()))) {
      StoredRun run = told.run();
      row(
          page,
          "td",
          run.id(),
          ConfigNode.word(run.state()),
          Integer.toString(run.round()),
          time(run.changed()),
          run.message(),
          told.sites().stream()
              .map(StatusPage::standing)
              .reduce((a, b) -> a + "; " + b)
              .orElse(""));
    }
    page.append("</table>\n");
  }

  private static String standing(SiteStanding site) {
    return String.format(
        Locale.ROOT, "%s %.0f %% (%s)", site.site(), 100 * site.fraction(), site.phase());
  }

  private static void row(StringBuilder page, String cell, String... texts) {
    page.append("<tr>");
    for (String text : texts) {
      page.append('<').append(cell).append('>').append(escape(text));
      page.append("</").append(cell).append('>');
    }
    page.append("</tr>\n");
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** A text as it may stand in a page: everything that sites and operators name passes here. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}

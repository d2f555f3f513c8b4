package io.neurograft.coordinator.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.neurograft.coordinator.rpc.RunSummary;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Words runs for a person at a terminal. */
final class RunText {
  private RunText() {}

  static String list(List<RunSummary> runs) {
    if (runs.isEmpty()) {
      return "no runs\n";
    }
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-24s %-21s %5s  %s%n", "RUN", "STATE", "ROUND", ""));
    for (RunSummary run : runs) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-24s %-21s %5d  %s%n",
              run.run(),
              state(run),
              run.round(),
              run.message()));
    }
    return text.toString();
  }

  private static String state(RunSummary run) {
    return run.paused() ? "paused in " + run.state() : run.state();
  }

  /** A run in one line, for one who follows it. */
  static String line(RunSummary run) {
    String sites =
        run.sites().stream()
            .map(
                site -> String.format(Locale.ROOT, "%s %.0f%%", site.site(), 100 * site.fraction()))
            .collect(Collectors.joining(", "));
    String round = run.round() > 0 ? " round " + run.round() : "";
    return state(run) + round + ": " + run.message() + (sites.isEmpty() ? "" : " [" + sites + "]");
  }

  /** A run with its sites and its figures. */
  static String whole(RunSummary run) {
    StringBuilder text = new StringBuilder();
    text.append("run       ").append(run.run()).append('\n');
    text.append("state     ").append(line(run)).append('\n');
    text.append("created   ").append(run.created()).append('\n');
    if (!run.publishedDigest().isEmpty()) {
      text.append("published ").append(run.publishedDigest());
      text.append(" (").append(run.publishedMethod()).append(")\n");
    }
    for (RunSummary.SitePhase site : run.sites()) {
      text.append(String.format(Locale.ROOT, "site      %s: %s%n", site.site(), site.phase()));
    }
    if (!run.result().isEmpty()) {
      methods(text, Json.run(run).path("result"));
    }
    return text.toString();
  }

  private static void methods(StringBuilder text, JsonNode result) {
    for (JsonNode site : result.path("sites")) {
      JsonNode test = site.path("test");
      String name = "member of " + site.path("site").asText();
      figure(text, name, test.isNull() ? site.path("heldBack") : test);
    }
    figure(text, "ensemble", result.path("ensemble"));
    for (JsonNode method : result.path("methods")) {
      String label = method.path("method").asText();
      figure(text, label, method.path("before"));
      for (JsonNode point : method.path("curve")) {
        figure(text, label + ", round " + point.path("round").asInt(), point);
      }
    }
  }

  private static void figure(StringBuilder text, String what, JsonNode score) {
    if (score.has("accuracy")) {
      text.append(
          String.format(
              Locale.ROOT,
              "accuracy  %-28s %.4f  loss %.4f%n",
              what,
              score.path("accuracy").asDouble(),
              score.path("loss").asDouble()));
    }
  }
}

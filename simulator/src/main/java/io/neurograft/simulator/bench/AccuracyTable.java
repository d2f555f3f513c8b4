package io.neurograft.simulator.bench;

import io.neurograft.simulator.baseline.BaselineResult;
import io.neurograft.simulator.report.MarkdownTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The benchmark's accuracies: a row for each method, a column for each case. */
public final class AccuracyTable {
  private AccuracyTable() {}

  /** The table in Markdown. */
  public static String of(List<CaseResult> cases) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("network", cases, CaseResult::name));
    rows.add(row("best member", cases, c -> figure(best(c))));
    rows.add(row("ensemble of softmaxes", cases, c -> figure(c.ensemble())));
    cases.stream()
        .flatMap(c -> c.baselines().stream().map(BaselineResult::baseline))
        .distinct()
        .forEach(label -> rows.add(row(label, cases, c -> baseline(c, label))));
    int methods = cases.isEmpty() ? 0 : cases.get(0).fused().size();
    for (int i = 0; i < methods; i++) {
      int method = i;
      rows.add(
          row(
              cases.get(0).fused().get(method).method(),
              cases,
              c -> figure(c.fused().get(method).accuracy())));
      int epochs =
          cases.stream().mapToInt(c -> c.fused().get(method).tuned().size()).max().orElse(0);
      for (int epoch = 0; epoch < epochs; epoch++) {
        int at = epoch;
        rows.add(
            row(
                "… and " + (epoch + 1) + (epoch == 0 ? " epoch" : " epochs"),
                cases,
                c -> tuned(c.fused().get(method).tuned(), at)));
      }
    }
    return MarkdownTable.of(rows);
  }

  private static List<String> row(
      String name, List<CaseResult> cases, Function<CaseResult, String> cell) {
    List<String> row = new ArrayList<>();
    row.add(name);
    cases.forEach(c -> row.add(cell.apply(c)));
    return row;
  }

  private static String baseline(CaseResult result, String label) {
    return result.baselines().stream()
        .filter(baseline -> baseline.baseline().equals(label))
        .map(baseline -> figure(baseline.accuracy()))
        .findFirst()
        .orElse("");
  }

  private static String tuned(List<Double> curve, int epoch) {
    return epoch < curve.size() ? figure(curve.get(epoch)) : "";
  }

  private static double best(CaseResult result) {
    return result.members().stream().mapToDouble(Double::doubleValue).max().orElse(0);
  }

  private static String figure(double accuracy) {
    return String.format(Locale.ROOT, "%.4f", accuracy);
  }
}

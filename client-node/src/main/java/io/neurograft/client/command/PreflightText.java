package io.neurograft.client.command;

import io.neurograft.client.preflight.Finding;
import io.neurograft.client.preflight.Line;
import io.neurograft.client.preflight.Outcome;
import io.neurograft.client.preflight.Report;
import java.util.Locale;

/** A report of a preflight, for a person. */
final class PreflightText {
  private PreflightText() {}

  /** One check: what was found, and below it what to mend. */
  static String line(Line line) {
    Finding finding = line.finding();
    String place = line.coordinator().map(at -> at + ": ").orElse("");
    String word = finding.outcome().word();
    String row =
        row(
            finding.outcome() == Outcome.FAILED ? word.toUpperCase(Locale.ROOT) : word,
            line.check().word(),
            place + finding.found());
    return finding.mend().isEmpty() ? row : row + row("", "", "-> " + finding.mend());
  }

  /** The last line. */
  static String end(Report report) {
    return String.format(
        Locale.ROOT,
        "%n%d passed, %d warnings, %d failed, %d skipped: %s%n",
        report.count(Outcome.PASSED),
        report.count(Outcome.WARNING),
        report.count(Outcome.FAILED),
        report.count(Outcome.SKIPPED),
        report.passed()
            ? "the node of site " + report.site() + " can be started"
            : "mend what has failed, then check again");
  }

  private static String row(String outcome, String check, String text) {
    return String.format(Locale.ROOT, "%-8s %-14s %s%n", outcome, check, text);
  }
}

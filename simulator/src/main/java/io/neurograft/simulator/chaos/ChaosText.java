package io.neurograft.simulator.chaos;

import java.util.Locale;
import java.util.stream.Collectors;

/** A report as a person reads it. */
public final class ChaosText {
  private ChaosText() {}

  /** The report in lines. */
  public static String of(ChaosReport report) {
    StringBuilder text = new StringBuilder();
    line(text, "seed", "%d, %d sites".formatted(report.seed(), report.sites()));
    line(
        text,
        "disturbances",
        "%d (%s)%s"
            .formatted(
                report.total(),
                report.disturbances().entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue())
                    .collect(Collectors.joining(", ")),
                report.fills() ? "" : "; no full disks: this system lets nobody mount one"));
    line(
        text,
        "runs",
        "%d completed, with the models of undisturbed runs; %d cancelled"
            .formatted(report.runs(), report.cancelled()));
    line(text, "retries", "%d logged by nodes".formatted(report.retries()));
    line(
        text,
        "uploads",
        "%d artifacts accepted, %d bytes; %d bytes sent"
            .formatted(report.artifacts(), report.acceptedBytes(), report.sentBytes()));
    line(
        text,
        "time",
        String.format(
            Locale.ROOT,
            "%.0f s in all; runs took %.0f s, undisturbed they take %.0f s",
            report.seconds(),
            report.runSeconds(),
            report.undisturbedSeconds()));
    line(
        text,
        "SIGTERM",
        String.format(
            Locale.ROOT, "the slowest process ended in %.1f s", report.slowestStopSeconds()));
    line(text, "result", report.passed() ? "passed" : "FAILED");
    report.faults().forEach(fault -> text.append("  ").append(fault).append('\n'));
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-18s %s%n", name, value));
  }
}

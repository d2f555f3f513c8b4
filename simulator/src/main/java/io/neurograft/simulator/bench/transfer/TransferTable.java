package io.neurograft.simulator.bench.transfer;

import io.neurograft.simulator.report.MarkdownTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The benchmark's times: a row for each case. */
public final class TransferTable {
  private TransferTable() {}

  /** The table in Markdown. */
  public static String of(List<TransferTiming> timings) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "case",
            "streams",
            "MB",
            "seconds",
            "fastest",
            "slowest",
            "MB/s",
            "CPU s/GB",
            "of memory copy",
            "of file copy",
            "server heap MiB",
            "server memory MiB"));
    for (TransferTiming timing : timings) {
      rows.add(
          List.of(
              timing.name(),
              Integer.toString(timing.streams()),
              Long.toString(timing.bytes() / 1_000_000),
              figure(timing.median()),
              figure(Collections.min(timing.seconds())),
              figure(Collections.max(timing.seconds())),
              String.format(Locale.ROOT, "%.0f", timing.rate() / 1e6),
              figure(timing.cpuPerGigabyte()),
              figure(timing.ofMemory()),
              figure(timing.ofFiles()),
              figure(timing.serverHeapMebibytes()),
              figure(timing.serverMemoryMebibytes())));
    }
    return MarkdownTable.of(rows);
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String figure(OptionalDouble value) {
    return value.isPresent() ? figure(value.getAsDouble()) : "";
  }

  private static String figure(OptionalLong value) {
    return value.isPresent() ? Long.toString(value.getAsLong()) : "";
  }
}

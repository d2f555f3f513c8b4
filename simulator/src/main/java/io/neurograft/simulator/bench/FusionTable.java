package io.neurograft.simulator.bench;

import io.neurograft.simulator.report.MarkdownTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The benchmark's times: a row for each case. */
public final class FusionTable {
  private FusionTable() {}

  /** The table in Markdown. */
  public static String of(List<FusionTiming> timings) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "network", "members", "images", "method", "seconds", "MiB", "floor", "times floor"));
    for (FusionTiming timing : timings) {
      rows.add(
          List.of(
              timing.network(),
              Integer.toString(timing.members()),
              Integer.toString(timing.images()),
              timing.method(),
              figure(OptionalDouble.of(timing.seconds())),
              timing.peakMebibytes().isPresent()
                  ? Long.toString(timing.peakMebibytes().getAsLong())
                  : "",
              figure(timing.floorSeconds()),
              figure(timing.ratio())));
    }
    return MarkdownTable.of(rows);
  }

  private static String figure(OptionalDouble value) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : "";
  }
}

package io.neurograft.simulator.bench.load;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Words a result for a person at a terminal. */
public final class LoadTable {
  private LoadTable() {}

  /** The result as a table. */
  public static String of(LoadResult result) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d sites, members of %.2f MB%n",
            result.plan().sites(),
            result.plan().size() / 1e6));
    for (LoadResult.Phase phase : result.phases()) {
      text.append(String.format(Locale.ROOT, "%-44s %8.2f s%n", phase.name(), phase.seconds()));
    }
    text.append(mebibytes("most resident memory of the coordinator", result.peakMemoryMebibytes()));
    text.append(mebibytes("most heap in use at a collection", result.peakHeapMebibytes()));
    text.append(String.format(Locale.ROOT, "%-44s %s%n", "failed calls", failures(result)));
    text.append(
        String.format(Locale.ROOT, "%-44s %d%n", "sessions that broke", result.lostSessions()));
    return text.toString();
  }

  private static String mebibytes(String what, OptionalLong value) {
    return value.isEmpty()
        ? String.format(Locale.ROOT, "%-44s unknown%n", what)
        : String.format(Locale.ROOT, "%-44s %8d MiB%n", what, value.getAsLong());
  }

  private static String failures(LoadResult result) {
    Map<String, Long> failed = result.failedCalls();
    return failed.isEmpty()
        ? "none"
        : failed.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining(", "));
  }
}

package io.neurograft.client.preflight;

import java.util.List;

/** What all checks of a site found, in the order in which they were made. */
public record Report(String site, List<Line> lines) {
  /** Copies the list. */
  public Report {
    lines = List.copyOf(lines);
  }

  /** How many checks ended so. */
  public long count(Outcome outcome) {
    return lines.stream().filter(line -> line.finding().outcome() == outcome).count();
  }

  /** Whether a node can be started: no check has failed. */
  public boolean passed() {
    return count(Outcome.FAILED) == 0;
  }
}

package io.neurograft.simulator.bench.load;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How a coordinator bore it.
 *
 * @param phases what it did, in order
 * @param peakMemoryMebibytes the most resident memory, in MiB; empty where the system does not tell
 * @param peakHeapMebibytes the most heap in use at a collection, in MiB; empty where there was none
 * @param failedCalls calls that ended otherwise than well while all nodes were attached, by method
 *     and status
 * @param lostSessions sessions that broke, as the nodes saw it
 */
public record LoadResult(
    LoadPlan plan,
    List<Phase> phases,
    OptionalLong peakMemoryMebibytes,
    OptionalLong peakHeapMebibytes,
    Map<String, Long> failedCalls,
    long lostSessions) {

  /** What took so many seconds. */
  public record Phase(String name, double seconds) {}
}

package io.neurograft.simulator.chaos;

import java.util.List;
import java.util.Map;

/**
 * What came of a chaos benchmark.
 *
 * @param disturbances by kind
 * @param fills whether disks were filled; they are not where the system allows no disks of its own
 * @param runs that completed and were compared with an undisturbed one
 * @param cancelled runs that were cancelled on purpose, to see what they leave behind
 * @param retries that nodes logged
 * @param artifacts that the coordinator accepted
 * @param acceptedBytes their size
 * @param sentBytes what nodes sent, with uploads that broke off
 * @param undisturbedSeconds what the same runs would take without disturbances
 * @param runSeconds what they took
 * @param seconds of the whole
 * @param slowestStopSeconds the longest time from SIGTERM to the end of a process
 * @param faults what must not be; empty if all is well
 */
public record ChaosReport(
    long seed,
    int sites,
    Map<String, Integer> disturbances,
    boolean fills,
    int runs,
    int cancelled,
    int retries,
    int artifacts,
    long acceptedBytes,
    long sentBytes,
    double undisturbedSeconds,
    double runSeconds,
    double seconds,
    double slowestStopSeconds,
    List<String> faults) {

  /** Whether nothing was that must not be. */
  public boolean passed() {
    return faults.isEmpty();
  }

  /** All disturbances together. */
  public int total() {
    return disturbances.values().stream().mapToInt(Integer::intValue).sum();
  }
}

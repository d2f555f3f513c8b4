package io.neurograft.neural;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How long each phase of a fusion took, by a clock from outside. A phase within another one counts
 * for itself only.
 */
public final class PhaseTimes {
  private final LongSupplier nanoTime;
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private long within; // nanoseconds of the phases that ended within the current one

  /**
   * @param nanoTime nanoseconds since some fixed time
   */
  public PhaseTimes(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Does some work and adds its time to a phase. */
  public <T> T time(String phase, Supplier<T> work) {
    long before = within;
    within = 0;
    long start = nanoTime.getAsLong();
    try {
      return work.get();
    } finally {
      long all = nanoTime.getAsLong() - start;
      seconds.merge(phase, (all - within) / 1e9, Double::sum);
      within = before + all;
    }
  }

  /** Does some work and adds its time to a phase. */
  public void run(String phase, Runnable work) {
    time(
        phase,
        () -> {
          work.run();
          return true;
        });
  }

  /** Seconds by phase, in the order in which the phases first ended. */
  public Map<String, Double> seconds() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
  }
}

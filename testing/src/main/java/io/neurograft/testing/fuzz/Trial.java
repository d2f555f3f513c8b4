package io.neurograft.testing.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.Set;

/** Has an input read once, and looks at how that ended, how long it took and what it allocated. */
final class Trial {
  /** The first reading loads classes and fills caches, so what is too much must be so each time. */
  private static final int READINGS = 3;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final FuzzTest test;
  private final Bounds bounds;
  private final Set<Class<? extends Exception>> refusals;

  Trial(FuzzTest test) {
    this.test = test;
    this.bounds = test.bounds();
    this.refusals = test.refusals();
  }

  /**
   * Reads an input.
   *
   * @throws AssertionError if it breaks the contract, with what was thrown as its cause
   */
  void run(byte[] input) {
    Optional<String> excess = Optional.empty();
    for (int i = 0; i < READINGS; i++) {
      excess = excess(input);
      if (excess.isEmpty()) {
        return;
      }
    }
    throw new AssertionError(excess.orElseThrow());
  }

  private Optional<String> excess(byte[] input) {
    long processor = THREADS.getCurrentThreadCpuTime();
    long allocated = THREADS.getCurrentThreadAllocatedBytes();
    read(input);
    allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
    processor = THREADS.getCurrentThreadCpuTime() - processor;
    if (processor > bounds.time().toNanos()) {
      return Optional.of("took %d ms of the processor".formatted(processor / 1_000_000));
    }
    long most = bounds.allocation(input.length);
    return allocated > most
        ? Optional.of(
            "allocated %d bytes for %d, expected at most %d"
                .formatted(allocated, input.length, most))
        : Optional.empty();
  }

  private void read(byte[] input) {
    try {
      test.read(input.clone());
    } catch (Exception e) {
      if (!refused(e)) {
        throw new AssertionError("was not refused, but failed: " + e, e);
      }
    }
  }

  /**
   * Of unchecked exceptions just the class: much that is a defect is derived from IllegalArgument.
   */
  private boolean refused(Exception e) {
    return e instanceof RuntimeException
        ? refusals.contains(e.getClass())
        : refusals.stream().anyMatch(refusal -> refusal.isInstance(e));
  }
}

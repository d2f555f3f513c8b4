package io.neurograft.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits in tests, until what they wait for. */
public final class Waiting {
  private static final long PAUSE_MILLIS = 20;

  private Waiting() {}

  /**
   * Waits until something holds.
   *
   * @throws AssertionError if it does not hold in time
   */
  public static void until(Duration patience, BooleanSupplier holds) {
    long end = System.nanoTime() + patience.toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited " + patience.toSeconds() + " s in vain");
      }
      try {
        Thread.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }
}

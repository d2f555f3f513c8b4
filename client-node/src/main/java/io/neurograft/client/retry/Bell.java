package io.neurograft.client.retry;

import java.time.Duration;

/** Ends waits early: what failed for want of the coordinator need not wait once that is back. */
public final class Bell {
  private long rung;

  /** Wakes all who wait. */
  public synchronized void ring() {
    rung++;
    notifyAll();
  }

  /** Waits for so long, or until the bell rings. */
  synchronized void await(Duration most) throws InterruptedException {
    long before = rung;
    long end = System.nanoTime() + most.toNanos();
    for (long left = most.toNanos(); left > 0 && rung == before; left = end - System.nanoTime()) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
  }
}

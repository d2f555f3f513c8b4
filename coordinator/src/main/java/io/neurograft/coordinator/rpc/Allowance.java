package io.neurograft.coordinator.rpc;

import java.time.Duration;

/**
 * How much one caller may still ask for: a token bucket that may be overdrawn. Whoever overdraws it
 * waits until it has filled again; whoever would have to wait too long is cut off for a while. For
 * use by several threads.
 */
final class Allowance {
  /**
   * How much callers of one kind may ask for.
   *
   * @param perSecond tokens that come back in a second
   * @param burst tokens that may be taken at once by one who was quiet
   * @param longestWait whoever would wait longer than this is cut off
   * @param cutOff for how long
   */
  record Rate(double perSecond, double burst, Duration longestWait, Duration cutOff) {}

  /** What becomes of one who asks. */
  enum Standing {
    /** It is served, after the wait. */
    SERVED,
    /** It is cut off from now on. */
    CUT_OFF_NOW,
    /** It was cut off before, and still is. */
    CUT_OFF
  }

  /**
   * An answer.
   *
   * @param waitNanos how long to wait before it is served; 0 where it is cut off
   */
  record Answer(Standing standing, long waitNanos) {}

  private static final double NANOS = 1e9;

  private final Rate rate;
  private double tokens;
  private long filled;
  private boolean cut;
  private long cutAt;

  /**
   * @param now in nanoseconds, as all times here
   */
  Allowance(Rate rate, long now) {
    this.rate = rate;
    this.tokens = rate.burst();
    this.filled = now;
  }

  /** Takes tokens, which may leave fewer than none. */
  synchronized Answer take(double count, long now) {
    fill(now);
    if (cut) {
      return new Answer(Standing.CUT_OFF, 0);
    }
    tokens -= count;
    long wait = (long) Math.max(0, -tokens / rate.perSecond() * NANOS);
    if (wait > rate.longestWait().toNanos()) {
      cut = true;
      cutAt = now;
      return new Answer(Standing.CUT_OFF_NOW, 0);
    }
    return new Answer(Standing.SERVED, wait);
  }

  /** Whether nothing would be lost by forgetting it: it is as full as a new one. */
  synchronized boolean full(long now) {
    fill(now);
    return !cut && tokens >= rate.burst();
  }

  private void fill(long now) {
    if (cut && now - cutAt >= rate.cutOff().toNanos()) {
      cut = false;
    }
    tokens = Math.min(rate.burst(), tokens + (now - filled) / NANOS * rate.perSecond());
    filled = now;
  }
}

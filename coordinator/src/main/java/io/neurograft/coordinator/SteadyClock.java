package io.neurograft.coordinator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time by which a coordinator measures deadlines and leases. It starts with the wall clock,
 * goes on by a monotonic one, and follows the wall clock by at most a twentieth of the time that
 * passes: when the machine's clock is set, no site misses a deadline, and none gets days for a
 * minute. Time in which the process did not run, because it was stopped or starved, is not counted
 * either: the sites could not report to it. Safe for several threads, one of which must read it
 * several times within {@link #LONGEST_STEP}.
 */
final class SteadyClock implements InstantSource {
  private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);

  /** The most that passes between two readings. */
  static final Duration LONGEST_STEP = Duration.ofSeconds(5);

  /** Which part of the time that passes may be added or left out, to follow the wall clock. */
  private static final int SLEW = 20;

  private static final Duration WORTH_A_WORD = Duration.ofMinutes(1);

  private final InstantSource wall;
  private final LongSupplier nanoTime;
  private long lastNanos;
  private Instant now;
  private boolean apart;

  /**
   * @param wall tells the time of day
   * @param nanoTime tells time spans, in nanoseconds
   */
  SteadyClock(InstantSource wall, LongSupplier nanoTime) {
    this.wall = wall;
    this.nanoTime = nanoTime;
    this.lastNanos = nanoTime.getAsLong();
    this.now = wall.instant();
  }

  @Override
  public synchronized Instant instant() {
    long nanos = nanoTime.getAsLong();
    long step = Math.min(Math.max(0, nanos - lastNanos), LONGEST_STEP.toNanos());
    lastNanos = nanos;
    now = now.plusNanos(step);
    Duration behind = Duration.between(now, wall.instant());
    now = now.plus(limited(behind, Duration.ofNanos(step / SLEW)));
    tell(behind);
    return now;
  }

  /** Tells the earlier of two times: whichever clock was set, nothing looks older than it is. */
  static InstantSource earlier(InstantSource one, InstantSource other) {
    return () -> {
      Instant first = one.instant();
      Instant second = other.instant();
      return first.isBefore(second) ? first : second;
    };
  }

  private static Duration limited(Duration span, Duration most) {
    if (span.abs().compareTo(most) <= 0) {
      return span;
    }
    return span.isNegative() ? most.negated() : most;
  }

  private void tell(Duration behind) {
    boolean far = behind.abs().compareTo(WORTH_A_WORD) > 0;
    if (far && !apart) {
      LOG.warn(
          "this machine's clock was set {} s {}, or the coordinator was stopped for that long;"
              + " deadlines and leases go on as they were",
          behind.abs().toSeconds(),
          behind.isNegative() ? "back" : "forward");
    }
    apart = far;
  }
}

package io.neurograft.client.rpc;

import com.google.protobuf.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the site's clock with the coordinator's: certificates and the times in two logs need
 * both to be right. Warns once while they differ. For one thread.
 */
final class ClockWatch {
  private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);
  private static final Duration TOLERANCE = Duration.ofMinutes(1);

  /** The years 1 to 9999, which is as far as such a message may go. */
  private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();

  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private final Clock clock;
  private boolean warned;

  ClockWatch(Clock clock) {
    this.clock = clock;
  }

  /**
   * Hears the coordinator's time, whatever it says; whether the clocks differ by more than a
   * minute.
   */
  boolean hear(Timestamp time) {
    long seconds = Math.max(FIRST_SECOND, Math.min(LAST_SECOND, time.getSeconds()));
    Instant there = Instant.ofEpochSecond(seconds);
    Duration ahead = Duration.between(there, clock.instant());
    boolean differs = ahead.abs().compareTo(TOLERANCE) > 0;
    if (differs && !warned) {
      LOG.warn(
          "this machine's clock is {} s {} the coordinator's; set one of them right",
          ahead.abs().toSeconds(),
          ahead.isNegative() ? "behind" : "ahead of");
    }
    warned = differs;
    return differs;
  }
}

package io.neurograft.client.retry;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thing that is tried until it works. Each failure is logged with what was tried, why it failed
 * and when it is tried again. For one thread.
 */
public final class Retry {
  private static final Logger LOG = LoggerFactory.getLogger(Retry.class);

  /**
   * How a node tries again.
   *
   * @param first the longest wait after a first failure
   * @param most the longest wait at all
   * @param random where the chance in a wait comes from
   * @param clock what the log's "trying again at" is told by
   * @param bell ends all waits
   */
  public record Policy(
      Duration first, Duration most, RandomGenerator random, Clock clock, Bell bell) {
    /** From half a second to half a minute. */
    public static Policy standard(RandomGenerator random, Clock clock) {
      return new Policy(Duration.ofMillis(500), Duration.ofSeconds(30), random, clock, new Bell());
    }

    /** A new thing to try. */
    public Retry start(String what) {
      return new Retry(what, this);
    }
  }

  private final String what;
  private final Clock clock;
  private final Backoff backoff;
  private final Bell bell;

  private Retry(String what, Policy policy) {
    this.what = what;
    this.clock = policy.clock();
    this.bell = policy.bell();
    this.backoff = new Backoff(policy.first(), policy.most(), policy.random());
  }

  /** Logs a failure and waits until it is time to try again, or until the policy's bell rings. */
  public void pause(String why) throws InterruptedException {
    Duration wait = backoff.next();
    LOG.warn(
        "{} failed ({}); attempt {}, trying again in {} s, at {}",
        what,
        why,
        backoff.failures(),
        String.format(Locale.ROOT, "%.1f", wait.toMillis() / 1000.0),
        LocalTime.now(clock).plus(wait).truncatedTo(ChronoUnit.SECONDS));
    bell.await(wait);
  }

  /** Notes a success: the next failure is a first one again. */
  public void succeeded() {
    if (backoff.failures() > 0) {
      LOG.info("{} succeeded after {} failures", what, backoff.failures());
    }
    backoff.reset();
  }

  /** How many failures there were since the last success. */
  public int failures() {
    return backoff.failures();
  }
}

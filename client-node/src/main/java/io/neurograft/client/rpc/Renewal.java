package io.neurograft.client.rpc;

import io.neurograft.proto.enrolment.Enrolment;
import io.neurograft.proto.enrolment.EnrolmentException;
import io.neurograft.proto.identity.Credentials;
import io.neurograft.proto.identity.IdentityFolder;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a site's certificate renewed when two thirds of its life are over, and goes on trying if that
 * fails. New calls are made with the new one; those under way end when the old one expires, and are
 * made again.
 */
public final class Renewal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Renewal.class);

  /** The clock may be set: so long at most nobody looks. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private static final Duration SHORTEST_WAIT = Duration.ofMillis(500);

  private final Dialer channel;
  private final IdentityFolder identity;
  private final Enrolment enrolment;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "renewal");
            made.setDaemon(true);
            return made;
          });

  Renewal(Dialer channel, IdentityFolder identity, SecureRandom random, InstantSource clock) {
    this.channel = channel;
    this.identity = identity;
    this.enrolment = new Enrolment(identity, random);
    this.clock = clock;
    again(Duration.ZERO);
  }

  private void again(Duration wait) {
    var unused = thread.schedule(this::look, wait.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    Duration wait = LONGEST_WAIT;
    try {
      Credentials present = identity.credentials();
      Duration due = Duration.between(clock.instant(), present.renewal());
      if (due.isNegative() || due.isZero()) {
        wait = pause(present);
        enrolment.renew(channel);
        channel.refresh();
        LOG.info(
            "renewed the certificate; it is good until {}",
            identity.credentials().certificate().getNotAfter().toInstant());
        wait = Duration.ZERO;
      } else {
        wait = due;
      }
    } catch (EnrolmentException e) {
      LOG.warn("{}; trying again in {} s", e.getMessage(), wait.toSeconds());
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      LOG.warn("the certificate cannot be renewed: {}", e.getMessage());
    }
    again(within(SHORTEST_WAIT, wait, LONGEST_WAIT));
  }

  /** A fraction of what is left, so that there are many attempts before it is over. */
  private static Duration pause(Credentials present) {
    Instant end = present.certificate().getNotAfter().toInstant();
    return Duration.between(present.renewal(), end).dividedBy(20);
  }

  private static Duration within(Duration least, Duration span, Duration most) {
    Duration atLeast = span.compareTo(least) < 0 ? least : span;
    return atLeast.compareTo(most) > 0 ? most : atLeast;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}

package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.Lease;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.Tables;
import io.neurograft.neural.config.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which runs this coordinator leads. Of several on one database each run has one leader, by a lease
 * that is renewed a few times in its term; what nobody leads any more is taken over. A coordinator
 * that could not renew its own, since the database was away or its disk full, takes the lead anew
 * as well: sites could report nothing meanwhile. The database's clock counts, so the coordinators'
 * own need not agree. Safe for several threads.
 */
public final class Leadership {
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
  private static final long JOIN_PAUSE_NANOS = 100_000_000L;

  /** How often a lease is renewed within its term. */
  private static final int RENEWALS = 5;

  /** After so many terms without a sign of life a coordinator is forgotten. */
  private static final int FORGOTTEN = 100;

  private static final Instant ALWAYS = Instant.ofEpochMilli(Long.MAX_VALUE);

  private final Database database;
  private final String coordinator;
  private final String bucket;
  private final Duration term;
  private volatile Map<String, Lease> leases = Map.of();

  /** Whether the last claim failed: then a new run may still wait for its leader. */
  private volatile boolean owed;

  private volatile long renewed = System.nanoTime() - Duration.ofDays(1).toNanos();

  /**
   * @param coordinator names this one while it runs: another name after each start
   * @param bucket where it keeps artifacts; empty where that is its folder alone
   * @param term how long a lease holds
   */
  public Leadership(Database database, String coordinator, String bucket, Duration term) {
    this.database = database;
    this.coordinator = coordinator;
    this.bucket = bucket;
    this.term = term;
  }

  /**
   * Says that this coordinator is there, unless another is that keeps artifacts elsewhere: it would
   * take over runs whose artifacts it does not have. One that was killed is waited for until its
   * term is over; it may have been this one.
   *
   * @throws InvalidInputException if another is there
   */
  void join() {
    Optional<Instant> before = Optional.empty();
    while (true) {
      Optional<Instant> other = database.write(this::tryToJoin);
      if (other.isEmpty()) {
        return;
      }
      if (before.isPresent() && other.get().isAfter(before.get())) {
        throw new InvalidInputException(
            "artifacts.bucket",
            "another coordinator is running on this database and keeps artifacts elsewhere;"
                + " configure the same bucket for all that share a database");
      }
      if (before.isEmpty()) {
        LOG.info("waits for a coordinator that keeps artifacts elsewhere, until {}", other.get());
      }
      before = other;
      LockSupport.parkNanos(JOIN_PAUSE_NANOS);
    }
  }

  private Optional<Instant> tryToJoin(Tables tables) {
    Instant now = tables.now();
    Optional<Instant> other =
        database.shared()
            ? tables.coordinators().elsewhere(coordinator, bucket, now)
            : Optional.empty();
    if (other.isEmpty()) {
      attend(tables, now, now.plus(term));
    }
    return other;
  }

  /** This coordinator's name. */
  String coordinator() {
    return coordinator;
  }

  /** The lease of a run, where this coordinator leads it as far as it knows. */
  Optional<Lease> lease(String runId) {
    return Optional.ofNullable(leases.get(runId));
  }

  /** The runs that this coordinator leads as far as it knows. */
  List<String> runs() {
    return List.copyOf(leases.keySet());
  }

  /**
   * Renews leases and takes over where it is time for that.
   *
   * @param takeUp see {@link #claim}
   */
  List<StoredRun> renew(BiConsumer<Tables, StoredRun> takeUp) {
    long due = term.toNanos() / RENEWALS;
    boolean wanted = database.shared() || owed || !leases.isEmpty();
    boolean time = wanted && System.nanoTime() - renewed >= due;
    return time ? claim(takeUp) : List.of();
  }

  /**
   * Renews leases, and takes the lead of all runs that nobody leads any more.
   *
   * @param takeUp done for each run whose lead is taken, in the same transaction
   * @return the runs that are led by this coordinator since now
   */
  synchronized List<StoredRun> claim(BiConsumer<Tables, StoredRun> takeUp) {
    Map<String, Lease> known = leases;
    List<StoredRun> taken = new ArrayList<>();
    owed = true;
    leases =
        database.write(
            tables -> {
              taken.clear();
              Instant now = tables.now();
              Instant until = now.plus(term);
              attend(tables, now, until);
              tables.runs().renew(coordinator, now, until);
              tables.runs().claim(coordinator, now, until);
              Map<String, Lease> led = new HashMap<>();
              for (Lease lease : tables.runs().ledBy(coordinator)) {
                led.put(lease.runId(), lease);
                if (!lease.equals(known.get(lease.runId()))) {
                  taken.add(tables.runs().find(lease.runId()).orElseThrow());
                }
              }
              known.values().stream()
                  .filter(lease -> !led.containsKey(lease.runId()))
                  .filter(tables.runs()::holds) // it has ended, and its sites may not know yet
                  .forEach(lease -> led.put(lease.runId(), lease));
              taken.forEach(run -> takeUp.accept(tables, run));
              return Map.copyOf(led);
            });
    owed = false;
    renewed = System.nanoTime();
    return taken;
  }

  /** Says that this coordinator is there, and forgets those that are not. */
  private void attend(Tables tables, Instant now, Instant until) {
    if (database.shared()) {
      tables.coordinators().alive(coordinator, bucket, until);
      tables.coordinators().forget(now.minus(term.multipliedBy(FORGOTTEN)));
    } else {
      // Who used the database before has ended, whatever it said last.
      tables.coordinators().alive(coordinator, bucket, ALWAYS);
      tables.coordinators().forgetOthers(coordinator);
      tables.runs().releaseOthers(coordinator);
    }
  }

  /** A run is over: nothing of it is left to be led. */
  synchronized void over(String runId) {
    Map<String, Lease> led = new HashMap<>(leases);
    led.remove(runId);
    leases = Map.copyOf(led);
  }

  /** Gives the lead of all runs away, so that another coordinator need not wait for the terms. */
  void release() {
    leases = Map.of();
    if (database.shared()) {
      database.write(
          tables -> {
            tables.runs().release(coordinator);
            tables.coordinators().alive(coordinator, bucket, Instant.EPOCH);
            return coordinator;
          });
    }
  }
}

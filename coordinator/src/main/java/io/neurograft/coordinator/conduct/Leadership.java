package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.Lease;
import io.neurograft.coordinator.store.StoredRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which runs this coordinator leads. Of several on one database each run has one leader, by a lease
 * that is renewed a few times in its term; what nobody leads any more is taken over. The database's
 * clock counts, so the coordinators' own need not agree. Safe for several threads.
 */
public final class Leadership {
  /** How often a lease is renewed within its term. */
  private static final int RENEWALS = 5;

  /** After so many terms without a sign of life a coordinator is forgotten. */
  private static final int FORGOTTEN = 100;

  private static final Instant ALWAYS = Instant.ofEpochMilli(Long.MAX_VALUE);

  private final Database database;
  private final String coordinator;
  private final Duration term;
  private volatile Map<String, Lease> leases = Map.of();
  private volatile long renewed = System.nanoTime() - Duration.ofDays(1).toNanos();

  /**
   * @param coordinator names this one while it runs: another name after each start
   * @param term how long a lease holds; where the database is this coordinator's alone, for ever
   */
  public Leadership(Database database, String coordinator, Duration term) {
    this.database = database;
    this.coordinator = coordinator;
    this.term = term;
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

  /** Renews leases and takes over where it is time for that; where the database is shared, only. */
  List<StoredRun> renew() {
    long due = term.toNanos() / RENEWALS;
    boolean time = database.shared() && System.nanoTime() - renewed >= due;
    return time ? claim() : List.of();
  }

  /**
   * Renews leases, and takes the lead of all runs that nobody leads any more.
   *
   * @return the runs that are led by this coordinator since now
   */
  synchronized List<StoredRun> claim() {
    Map<String, Lease> known = leases;
    List<StoredRun> taken = new ArrayList<>();
    leases =
        database.write(
            tables -> {
              taken.clear();
              Instant now = tables.now();
              Instant until = database.shared() ? now.plus(term) : ALWAYS;
              tables.coordinators().alive(coordinator, until);
              tables.coordinators().forget(forgotten(now));
              tables.runs().renew(coordinator, until);
              tables.runs().claim(coordinator, database.shared() ? now : ALWAYS, until);
              Map<String, Lease> led = new HashMap<>();
              for (Lease lease : tables.runs().ledBy(coordinator)) {
                led.put(lease.runId(), lease);
                if (!lease.equals(known.get(lease.runId()))) {
                  taken.add(tables.runs().find(lease.runId()).orElseThrow());
                }
              }
              return Map.copyOf(led);
            });
    renewed = System.nanoTime();
    return taken;
  }

  private Instant forgotten(Instant now) {
    return database.shared() ? now.minus(term.multipliedBy(FORGOTTEN)) : ALWAYS;
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
            tables.coordinators().alive(coordinator, Instant.EPOCH);
            return coordinator;
          });
    }
  }
}

package io.neurograft.coordinator.conduct;

import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.Lease;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.Tables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Which runs this coordinator leads. Of several on one database each run has one leader, by a lease
 * that is renewed a few times in its term; what nobody leads any more is taken over. A coordinator
 * that could not renew its own, since the database was away or its disk full, takes the lead anew
 * as well: sites could report nothing meanwhile. The database's clock counts, so the coordinators'
 * own need not agree. Safe for several threads.
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

  /** Whether the last claim failed: then a new run may still wait for its leader. */
  private volatile boolean owed;

  private volatile long renewed = System.nanoTime() - Duration.ofDays(1).toNanos();

  /**
   * @param coordinator names this one while it runs: another name after each start
   * @param term how long a lease holds
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
      tables.coordinators().alive(coordinator, until);
      tables.coordinators().forget(now.minus(term.multipliedBy(FORGOTTEN)));
    } else {
      // Who used the database before has ended, whatever it said last.
      tables.coordinators().alive(coordinator, ALWAYS);
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
            tables.coordinators().alive(coordinator, Instant.EPOCH);
            return coordinator;
          });
    }
  }
}

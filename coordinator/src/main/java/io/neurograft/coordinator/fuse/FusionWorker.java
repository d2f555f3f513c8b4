package io.neurograft.coordinator.fuse;

import io.neurograft.coordinator.artifact.ArtifactStore;
import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.conduct.Jobs;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.run.Action;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.Lease;
import io.neurograft.coordinator.store.LostLeaseException;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.config.IoWords;
import io.neurograft.neural.tensor.Compute;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does the coordinator's jobs: one at a time uses the engine, while others wait for their sites.
 */
public final class FusionWorker implements Jobs, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FusionWorker.class);
  private static final long STOP_SECONDS = 30;
  private static final long PAUSE_SECONDS = 5;

  /** Jobs that are begun: each that waits for its sites holds its members and one sum in memory. */
  private static final int MOST_JOBS = 4;

  private final Database database;
  private final ArtifactStore artifacts;
  private final InstantSource clock;
  private final CoordinatorMetrics metrics;
  private final Journal journal;
  private final RunData data = new RunData();
  private final Turn turn = new Turn();
  private final Set<String> busy = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(MOST_JOBS, Compute.threads("fusion"));

  /** A worker that takes members from, and puts models into, a store and a database. */
  public FusionWorker(
      Database database,
      ArtifactStore artifacts,
      InstantSource clock,
      CoordinatorMetrics metrics,
      Journal journal) {
    this.database = database;
    this.artifacts = artifacts;
    this.clock = clock;
    this.metrics = metrics;
    this.journal = journal;
  }

  @Override
  public void check(RunSpec spec) {
    data.check(spec);
  }

  @Override
  public void start(Lease lead, RunSpec spec, Action job, Listener listener) {
    if (!busy.add(lead.runId())) {
      return;
    }
    try {
      threads.execute(() -> work(lead, spec, job, listener));
    } catch (RejectedExecutionException e) {
      LOG.debug("not done any more: the coordinator stops");
    }
  }

  private void work(Lease lead, RunSpec spec, Action job, Listener listener) {
    String runId = lead.runId();
    try {
      turn.take();
      try {
        work(lead, spec, job, listener, new Throttle(listener::progress));
      } finally {
        turn.give();
      }
      busy.remove(runId);
      listener.done();
    } catch (InterruptedException | CancellationException e) {
      busy.remove(runId);
      LOG.debug("a job of run {} was given up", runId, e);
    } catch (LostLeaseException e) {
      busy.remove(runId);
      LOG.info("a job ends: {}", e.getMessage());
      listener.done();
    } catch (UncheckedIOException e) {
      pause(runId, IoWords.of(e), listener);
    } catch (StorageException e) {
      pause(runId, String.valueOf(e.getMessage()), listener);
    } catch (RuntimeException | OutOfMemoryError e) {
      busy.remove(runId);
      if (!threads.isShutdown()) {
        LOG.error("a job of run {} failed", runId, e);
        listener.failed("the coordinator's job failed: " + describe(e));
      }
    }
  }

  private void work(
      Lease lead, RunSpec spec, Action job, Listener listener, Consumer<String> tell) {
    String runId = lead.runId();
    try (Workshop workshop =
        new Workshop(
            database, lead, artifacts, clock, data, metrics, journal, turn, listener::ask)) {
      if (job instanceof Action.Average average) {
        new AverageJob(workshop, runId, spec, average.round(), tell).run();
      } else {
        new FuseJob(workshop, runId, spec, tell).run();
      }
    }
  }

  /** Leaves a run alone for a while: no site's work is lost because a disk is full. */
  private void pause(String runId, String why, Listener listener) {
    LOG.warn("a job of run {} waits: {}; trying again in {} s", runId, why, PAUSE_SECONDS);
    try {
      listener.progress("waits: " + why);
    } catch (StorageException | LostLeaseException e) {
      LOG.debug("that cannot be stored either", e);
    }
    CompletableFuture.delayedExecutor(PAUSE_SECONDS, TimeUnit.SECONDS)
        .execute(
            () -> {
              busy.remove(runId);
              listener.done();
            });
  }

  private static String describe(Throwable e) {
    return e instanceof InvalidInputException ? String.valueOf(e.getMessage()) : e.toString();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a fusion job did not stop in time; it is done again after the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.neurograft.coordinator.fuse;

import io.neurograft.coordinator.conduct.Jobs;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.run.Action;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.proto.artifact.ArtifactFolder;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the coordinator's jobs one after another, on a thread that owns the engine's work. */
public final class FusionWorker implements Jobs, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FusionWorker.class);
  private static final long STOP_SECONDS = 30;
  private static final long PAUSE_SECONDS = 5;

  private final Workshop workshop;
  private final RunData data = new RunData();
  private final Set<String> busy = ConcurrentHashMap.newKeySet();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Compute.threads("fusion"));

  /** A worker that takes members from, and puts models into, a folder and a database. */
  public FusionWorker(
      Database database,
      ArtifactFolder artifacts,
      InstantSource clock,
      CoordinatorMetrics metrics) {
    this.workshop = new Workshop(database, artifacts, clock, data, metrics);
  }

  @Override
  public void check(RunSpec spec) {
    data.check(spec);
  }

  @Override
  public void start(String runId, RunSpec spec, Action job, Listener listener) {
    if (!busy.add(runId)) {
      return;
    }
    try {
      thread.execute(() -> work(runId, spec, job, listener));
    } catch (RejectedExecutionException e) {
      LOG.debug("not done any more: the coordinator stops");
    }
  }

  private void work(String runId, RunSpec spec, Action job, Listener listener) {
    try {
      Consumer<String> tell = new Throttle(message -> listener.progress(runId, message));
      if (job instanceof Action.Average average) {
        new AverageJob(workshop, runId, spec, average.round(), tell).run();
      } else {
        new FuseJob(workshop, runId, spec, tell).run();
      }
      busy.remove(runId);
      listener.done(runId);
    } catch (StorageException e) {
      pause(runId, String.valueOf(e.getMessage()), listener);
    } catch (RuntimeException | OutOfMemoryError e) {
      busy.remove(runId);
      if (!thread.isShutdown()) {
        LOG.error("a job of run {} failed", runId, e);
        listener.failed(runId, "the coordinator's job failed: " + describe(e));
      }
    }
  }

  /** Leaves a run alone for a while: no site's work is lost because a disk is full. */
  private void pause(String runId, String why, Listener listener) {
    LOG.warn("a job of run {} waits: {}; trying again in {} s", runId, why, PAUSE_SECONDS);
    try {
      listener.progress(runId, "waits: " + why);
    } catch (StorageException e) {
      LOG.debug("that cannot be stored either", e);
    }
    CompletableFuture.delayedExecutor(PAUSE_SECONDS, TimeUnit.SECONDS)
        .execute(
            () -> {
              busy.remove(runId);
              listener.done(runId);
            });
  }

  private static String describe(Throwable e) {
    return e instanceof InvalidInputException ? String.valueOf(e.getMessage()) : e.toString();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a fusion job did not stop in time; it is done again after the next start");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.neurograft.client.task;

import io.neurograft.client.metrics.NodeMetrics;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.proto.transfer.TransferException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a site's tasks, one at a time, in the order they come. While it has a task it reports on it
 * every few seconds, which extends the task's lease. What came of a task is stored, then its
 * artifacts are pushed, then it is reported; whatever of this was done before is not done again.
 */
public final class TaskRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);
  private static final long CLOSE_SECONDS = 10;

  private final Workbench bench;
  private final TaskStore store;
  private final TaskReporter reporter;
  private final NodeMetrics metrics;
  private final LongSupplier nanoTime;
  private final Map<String, RunningTask> tasks = new ConcurrentHashMap<>();
  private final ExecutorService worker;
  private final ScheduledExecutorService pulse;

  /**
   * @param site names the threads
   * @param renewal how often a task is reported on
   * @param nanoTime tells time spans
   */
  public TaskRunner(
      String site,
      Workbench bench,
      TaskStore store,
      TaskReporter reporter,
      NodeMetrics metrics,
      Duration renewal,
      LongSupplier nanoTime) {
    this.bench = bench;
    this.store = store;
    this.reporter = reporter;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.worker = Executors.newSingleThreadExecutor(Compute.threads(site + "-task"));
    this.pulse = Executors.newSingleThreadScheduledExecutor(Compute.threads(site + "-lease"));
    var unused =
        pulse.scheduleWithFixedDelay(
            this::renew, renewal.toMillis(), renewal.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Takes a task; one that is here already goes on as it is. */
  public void offer(SiteTask task) {
    RunningTask running = new RunningTask(task, this::perform);
    if (tasks.putIfAbsent(task.id(), running) == null) {
      LOG.info("took {}", task);
      pulse.execute(() -> renew(running));
      worker.execute(running.work());
    }
  }

  /** Reports that a task makes no sense. */
  public void refuse(String taskId, String message) {
    LOG.error("refused task {}: {}", taskId, message);
    worker.execute(() -> reportFailure(taskId, message, false));
  }

  /** Drops a task, if it is here. */
  public void revoke(String taskId, String reason) {
    RunningTask running = tasks.remove(taskId);
    if (running != null) {
      LOG.info("dropped {}: {}", running.task(), reason);
      running.drop();
    }
  }

  @Override
  public void close() {
    pulse.shutdownNow();
    tasks.values().forEach(RunningTask::drop);
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a task did not stop within {} s", CLOSE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void renew() {
    tasks.values().forEach(this::renew);
  }

  private void renew(RunningTask running) {
    try {
      String id = running.task().id();
      if (!reporter.progress(id, running.fraction(), running.phase())) {
        revoke(id, "the coordinator does not want it any more");
      }
    } catch (RuntimeException e) {
      LOG.warn("cannot report on {}", running.task(), e);
    }
  }

  private void perform(RunningTask running) {
    SiteTask task = running.task();
    long start = nanoTime.getAsLong();
    String end = "dropped";
    try {
      TaskOutcome outcome = outcome(running, start);
      for (ArtifactRef artifact : outcome.artifacts()) {
        running.report(1, "pushing " + artifact);
        bench.source().push(artifact);
      }
      reporter.done(task.id(), outcome);
      end = "done";
      LOG.info("done with {} in {} s", task, Math.round(seconds(start)));
      if (task.work() instanceof Work.Adopt) {
        forget(task.run());
      }
      outcome.latest().ifPresent(f -> metrics.accuracy(task.work().kind(), f.accuracy()));
    } catch (Throwable e) { // an Error would vanish in the thread pool; the coordinator must hear
      if (!running.dropped()) {
        end = "failed";
        logFailure(task, e);
        reportFailure(task.id(), message(e), canRetryHelp(e));
      }
    } finally {
      tasks.remove(task.id(), running);
      metrics.taskEnded(task.work().kind(), end, Duration.ofNanos(nanoTime.getAsLong() - start));
    }
  }

  private TaskOutcome outcome(RunningTask running, long start)
      throws IOException, InterruptedException {
    SiteTask task = running.task();
    Optional<TaskOutcome> known = store.find(task).filter(this::stillHere);
    if (known.isPresent()) {
      LOG.info("{} was done before; answering with its result", task);
      return known.get();
    }
    NetworkSpec spec = NetworkSpec.parse(task.network(), "network of " + task);
    Work work = task.work();
    TaskOutcome outcome;
    if (work instanceof Work.Train train) {
      outcome = TrainJob.run(spec, train, bench, running);
    } else if (work instanceof Work.FineTune fineTune) {
      outcome = FineTuneJob.run(spec, fineTune, bench, running);
    } else if (work instanceof Work.Evaluate evaluate) {
      outcome = EvaluateJob.run(spec, evaluate, bench, running);
    } else if (work instanceof Work.Adopt adopt) {
      outcome = AdoptJob.run(task.run(), spec, adopt, bench, running);
    } else {
      throw new IllegalStateException("unknown work " + work);
    }
    TaskOutcome timed = outcome.withSeconds(seconds(start));
    store.save(task, timed);
    return timed;
  }

  private boolean stillHere(TaskOutcome outcome) {
    return outcome.artifacts().stream().allMatch(a -> bench.artifacts().contains(a.digest()));
  }

  /** A run whose model is published is over; if this fails, only disk space is lost. */
  private void forget(String run) {
    try {
      store.forget(run, bench.artifacts());
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot remove what run {} left behind: {}", run, e.getMessage());
    }
  }

  private void reportFailure(String taskId, String message, boolean retryable) {
    try {
      reporter.failed(taskId, message, retryable);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void logFailure(SiteTask task, Throwable failure) {
    if (failure instanceof InvalidInputException || failure instanceof TransferException) {
      LOG.error("failed at {}: {}", task, failure.getMessage());
    } else {
      LOG.error("failed at {}", task, failure);
    }
  }

  private static boolean canRetryHelp(Throwable failure) {
    return failure instanceof TransferException transfer
        ? transfer.retryable()
        : failure instanceof IOException;
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }

  private double seconds(long start) {
    return (nanoTime.getAsLong() - start) / 1e9;
  }
}

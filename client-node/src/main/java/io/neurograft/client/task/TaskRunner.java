package io.neurograft.client.task;

import io.neurograft.client.metrics.NodeMetrics;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.text.OneLine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a site's tasks, one at a time; the tasks of several runs take turns. While it has a task it
 * reports on it every few seconds, which extends the task's lease.
 */
public final class TaskRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);
  private static final long CLOSE_SECONDS = 5;

  private final TaskReporter reporter;
  private final TaskExecution execution;
  private final Map<String, RunningTask> tasks = new ConcurrentHashMap<>();
  private final FairQueue<Runnable> waiting = new FairQueue<>();
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
    this.reporter = reporter;
    this.execution = new TaskExecution(bench, store, reporter, metrics, nanoTime);
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
      waiting.add(task.run(), running.work());
      worker.execute(() -> waiting.take().run());
    }
  }

  /** Reports that a task makes no sense. */
  public void refuse(String taskId, String message) {
    LOG.error("refused task {}: {}", taskId, message);
    worker.execute(() -> execution.reportFailure(taskId, message, false));
  }

  /** Drops a task, if it is here. */
  public void revoke(String taskId, String reason) {
    RunningTask running = tasks.remove(taskId);
    if (running != null) {
      LOG.info("dropped {}: {}", running.task(), OneLine.of(reason));
      running.drop();
    }
  }

  /** The runs for which something is kept. */
  public List<String> runs() {
    return execution.store().runs();
  }

  /** Lets go of all that is kept for a run, once its task has stopped where there is one. */
  public void over(String run) {
    tasks.values().stream()
        .map(RunningTask::task)
        .filter(task -> task.run().equals(run))
        .forEach(task -> revoke(task.id(), "its run is over"));
    worker.execute(() -> execution.forget(run, given()));
  }

  /** What the tasks that wait will need. */
  private Set<Digest> given() {
    return tasks.values().stream()
        .flatMap(running -> running.task().work().given().stream())
        .map(ArtifactRef::digest)
        .collect(Collectors.toSet());
  }

  @Override
  public void close() {
    pulse.shutdownNow();
    tasks.values().forEach(RunningTask::drop);
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a task did not stop within {} s", CLOSE_SECONDS);
      } else {
        execution.bench().fusion().close();
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
    try {
      execution.perform(running);
    } finally {
      tasks.remove(running.task().id(), running);
    }
  }
}

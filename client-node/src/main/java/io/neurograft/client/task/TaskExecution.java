package io.neurograft.client.task;

import io.neurograft.client.guard.RefusedException;
import io.neurograft.client.metrics.NodeMetrics;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.neural.Progress;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.transfer.TransferException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of one task: it is done, what came of it is stored, its artifacts are pushed, and it is
 * reported. Whatever of this was done before is not done again.
 *
 * @param nanoTime tells time spans
 */
record TaskExecution(
    Workbench bench,
    TaskStore store,
    TaskReporter reporter,
    NodeMetrics metrics,
    LongSupplier nanoTime) {
  private static final Logger LOG = LoggerFactory.getLogger(TaskExecution.class);

  /** Does the task and reports on it; whatever goes wrong is reported too. */
  void perform(RunningTask running) {
    SiteTask task = running.task();
    long start = nanoTime.getAsLong();
    String end = "dropped";
    try {
      TaskOutcome outcome = outcome(running, start);
      for (ArtifactRef artifact : outcome.artifacts()) {
        running.report(1, "pushing " + artifact);
        bench.with(task.transfer()).push(artifact);
      }
      reporter.done(task.id(), outcome);
      end = "done";
      forgetAnswer(task, outcome);
      LOG.info("done with {} in {} s", task, Math.round(seconds(start)));
      outcome.latest().ifPresent(f -> metrics.accuracy(task.work().kind(), f.accuracy()));
    } catch (Throwable e) { // an Error would vanish in the thread pool; the coordinator must hear
      if (!running.dropped()) {
        end = "failed";
        logFailure(task, e);
        reportFailure(task.id(), message(e), canRetryHelp(e));
      }
    } finally {
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
    bench
        .storing()
        .store(
            "the run's name",
            running,
            () -> {
              store.begin(task.run());
              return task.run();
            });
    TaskOutcome outcome = work(task, running);
    TaskOutcome timed = outcome.withSeconds(seconds(start));
    return bench
        .storing()
        .store(
            "the result",
            running,
            () -> {
              store.save(task, timed);
              return timed;
            });
  }

  private TaskOutcome work(SiteTask task, Progress progress)
      throws IOException, InterruptedException {
    NetworkSpec spec = NetworkSpec.parse(task.network(), "network of " + task);
    Work work = task.work();
    Workbench own = bench.with(task.transfer());
    if (work instanceof Work.Moments moments) {
      return MomentsJob.run(task, spec, moments, own, progress);
    }
    bench.fusion().close(); // the site is asked for something else now
    if (work instanceof Work.Train train) {
      return TrainJob.run(task.run(), spec, train, own, progress);
    } else if (work instanceof Work.FineTune fineTune) {
      return FineTuneJob.run(spec, fineTune, own, progress);
    } else if (work instanceof Work.Evaluate evaluate) {
      return EvaluateJob.run(spec, evaluate, own, progress);
    } else if (work instanceof Work.Adopt adopt) {
      return AdoptJob.run(task.run(), spec, adopt, own, progress);
    }
    throw new IllegalStateException("unknown work " + work);
  }

  private boolean stillHere(TaskOutcome outcome) {
    return outcome.artifacts().stream().allMatch(a -> bench.artifacts().contains(a.digest()));
  }

  /** The coordinator has it, and would be given the same again. */
  private void forgetAnswer(SiteTask task, TaskOutcome outcome) {
    if (task.work() instanceof Work.Moments) {
      for (ArtifactRef answer : outcome.artifacts()) {
        try {
          bench.artifacts().delete(answer.digest());
        } catch (IOException e) {
          LOG.warn("cannot remove {}: {}", answer, e.getMessage());
        }
      }
    }
  }

  /**
   * Deletes what a run that is over left here. If this fails, it is done when the site attaches the
   * next time.
   *
   * @param needed artifacts that tasks of other runs need
   */
  void forget(String run, Set<Digest> needed) {
    try {
      bench.fusion().close(); // what it has read may be gone
      bench.keys().forget(run);
      store.forget(run, bench.artifacts(), needed);
      LOG.info("run {} is over; what was kept for it is deleted", run);
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot remove what run {} left behind: {}", run, e.getMessage());
    }
  }

  /** Reports that a task could not be done. */
  void reportFailure(String taskId, String message, boolean retryable) {
    try {
      reporter.failed(taskId, message, retryable);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void logFailure(SiteTask task, Throwable failure) {
    if (failure instanceof InvalidInputException
        || failure instanceof RefusedException
        || failure instanceof TransferException) {
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

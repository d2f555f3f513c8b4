package io.neurograft.client.task;

import io.neurograft.neural.Progress;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;

/** A task that this site has, waiting or being done; hears its progress. */
final class RunningTask implements Progress {
  private final SiteTask task;
  private final FutureTask<?> work;
  private volatile double fraction;
  private volatile String phase = "waiting for the site's other tasks";
  private volatile boolean dropped;

  RunningTask(SiteTask task, java.util.function.Consumer<RunningTask> work) {
    this.task = task;
    this.work = new FutureTask<>(() -> work.accept(this), null);
  }

  SiteTask task() {
    return task;
  }

  /** What a worker thread has to run. */
  Runnable work() {
    return work;
  }

  double fraction() {
    return fraction;
  }

  String phase() {
    return phase;
  }

  boolean dropped() {
    return dropped;
  }

  /** Stops the task where it is. */
  void drop() {
    dropped = true;
    work.cancel(true);
  }

  /**
   * Notes how far the task is.
   *
   * @throws CancellationException if the task was dropped, which ends it
   */
  @Override
  public void report(double newFraction, String newPhase) {
    if (dropped) {
      throw new CancellationException("the task was dropped");
    }
    fraction = newFraction;
    phase = newPhase;
  }
}

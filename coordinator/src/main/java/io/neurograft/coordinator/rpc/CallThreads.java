package io.neurograft.coordinator.rpc;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a server.
 *
 * @param calls runs the calls; they touch disk and database, so a few more than there are
 *     processors can be under way
 * @param uploads runs the calls that bring artifacts
 * @param downloads runs the calls that fetch artifacts
 * @param intake reads what sites report whole, one model at a time, so that neither calls nor the
 *     disk are held up by the number of sites
 * @param heart beats, apart from all else that waits for a database: sites take silence for a lost
 *     connection
 * @param timer what is told a little later
 * @param guard looks who may not go on, apart from all else, so that it is never late
 */
record CallThreads(
    ExecutorService calls,
    ExecutorService uploads,
    ExecutorService downloads,
    ExecutorService intake,
    ScheduledExecutorService heart,
    ScheduledExecutorService timer,
    ScheduledExecutorService guard)
    implements AutoCloseable {
  /**
   * Threads that begin when they are needed.
   *
   * @param bucket whether transfers wait for a bucket, and have threads of their own for that
   */
  static CallThreads open(boolean bucket) {
    int most = 4 + 2 * Runtime.getRuntime().availableProcessors();
    ExecutorService calls = Executors.newFixedThreadPool(most, named("call"));
    return new CallThreads(
        calls,
        bucket ? Executors.newFixedThreadPool(most, named("upload")) : calls,
        bucket ? Executors.newFixedThreadPool(most, named("download")) : calls,
        Executors.newSingleThreadExecutor(named("intake")),
        Executors.newSingleThreadScheduledExecutor(named("heart")),
        Executors.newSingleThreadScheduledExecutor(named("timer")),
        Executors.newSingleThreadScheduledExecutor(named("guard")));
  }

  @Override
  public void close() {
    guard.shutdownNow();
    timer.shutdownNow();
    heart.shutdownNow();
    intake.shutdownNow();
    uploads.shutdownNow();
    downloads.shutdownNow();
    calls.shutdownNow();
  }

  private static ThreadFactory named(String name) {
    AtomicInteger count = new AtomicInteger();
    return work -> {
      Thread thread = new Thread(work, "coordinator-" + name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}

package io.neurograft.coordinator.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.neurograft.coordinator.conduct.RunDesk;
import io.neurograft.coordinator.conduct.RunWatchers;
import io.neurograft.proto.v1.Run;
import io.neurograft.proto.v1.WatchRunResponse;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open WatchRun call. Changes that follow each other closely, or that come while the watcher is
 * slow to read, are told as one.
 */
final class RunStream {
  private static final Logger LOG = LoggerFactory.getLogger(RunStream.class);
  private static final long PAUSE_MILLIS = 100;

  private final String runId;
  private final RunDesk runs;
  private final Failures failures;
  private final ServerCallStreamObserver<WatchRunResponse> out;
  private final ScheduledExecutorService timer;
  private final AtomicBoolean pending = new AtomicBoolean();
  private boolean ended;
  private boolean stale;
  private Run last = Run.getDefaultInstance();

  RunStream(
      String runId,
      RunDesk runs,
      Failures failures,
      ServerCallStreamObserver<WatchRunResponse> out,
      ScheduledExecutorService timer) {
    this.runId = runId;
    this.runs = runs;
    this.failures = failures;
    this.out = out;
    this.timer = timer;
  }

  /** Tells the run as it is, and again after changes, until it has ended. */
  void follow(RunWatchers watchers, Runnable gone) {
    var watch = watchers.watch(runId, this::changed);
    Runnable over =
        () -> {
          watch.close();
          gone.run();
        };
    out.setOnCancelHandler(over);
    out.setOnCloseHandler(over);
    out.setOnReadyHandler(this::ready);
    tell();
  }

  /** Ends the call because the coordinator stops; the watcher may ask whoever listens next. */
  synchronized void stop() {
    if (!ended) {
      ended = true;
      try {
        out.onError(Status.UNAVAILABLE.withDescription("the coordinator stops").asException());
      } catch (RuntimeException e) {
        LOG.debug("the watcher of run {} had gone already", runId, e);
      }
    }
  }

  private void changed() {
    if (pending.compareAndSet(false, true)) {
      try {
        var unused = timer.schedule(this::tell, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        pending.set(true); // the server stops and ends this call itself
      }
    }
  }

  private synchronized void ready() {
    if (stale) {
      tell();
    }
  }

  private synchronized void tell() {
    pending.set(false);
    if (ended) {
      return;
    }
    try {
      RunDesk.Told told = runs.get(runId);
      Run now = RunMessages.message(told);
      stale = !out.isReady();
      if (!now.equals(last) && !stale) {
        last = now;
        out.onNext(WatchRunResponse.newBuilder().setRun(now).build());
      }
      if (told.run().state().ended() && !stale) {
        ended = true;
        out.onCompleted();
      }
    } catch (RuntimeException e) {
      ended = true;
      if (!out.isCancelled()) {
        out.onError(failures.status(e).asRuntimeException());
      }
    }
  }
}

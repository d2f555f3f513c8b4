package io.neurograft.coordinator.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The calls under way, so that they can be ended. */
final class LiveCalls {
  private final Set<Live<?, ?>> calls = ConcurrentHashMap.newKeySet();

  /**
   * Tracks a call until it has ended.
   *
   * @param start has it served
   */
  <Q, A> ServerCall.Listener<Q> track(
      Caller caller,
      ServerCall<Q, A> call,
      Function<ServerCall<Q, A>, ServerCall.Listener<Q>> start) {
    Live<Q, A> live = new Live<>(caller, call);
    calls.add(live);
    try {
      return new Ending<>(live, start.apply(live));
    } catch (RuntimeException e) {
      calls.remove(live);
      throw e;
    }
  }

  /** Whose calls are under way. */
  Set<Caller> callers() {
    return calls.stream().map(live -> live.caller).collect(Collectors.toSet());
  }

  /**
   * Ends calls.
   *
   * @param whose tells by the caller
   * @param age only those that have been under way for so long
   */
  void end(Predicate<Caller> whose, Duration age, Status status) {
    long now = System.nanoTime();
    calls.stream()
        .filter(live -> now - live.begun >= age.toNanos() && whose.test(live.caller))
        .forEach(live -> live.end(status));
  }

  /** A call that may be ended from outside while somebody serves it. */
  private static final class Live<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final Caller caller;
    private final long begun = System.nanoTime();
    private boolean ended;

    Live(Caller caller, ServerCall<Q, A> call) {
      super(call);
      this.caller = caller;
    }

    synchronized void end(Status status) {
      if (!ended) {
        ended = true;
        super.close(status, new Metadata());
      }
    }

    synchronized boolean ended() {
      return ended;
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
      if (!ended) {
        super.sendHeaders(headers);
      }
    }

    @Override
    public synchronized void sendMessage(A message) {
      if (!ended) {
        super.sendMessage(message);
      }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!ended) {
        super.close(status, trailers);
      }
    }

    @Override
    public boolean isCancelled() {
      return ended() || super.isCancelled();
    }
  }

  /** Whoever serves a call that was ended from outside sees it cancelled. */
  private final class Ending<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Live<Q, ?> live;

    Ending(Live<Q, ?> live, ServerCall.Listener<Q> listener) {
      super(listener);
      this.live = live;
    }

    @Override
    public void onMessage(Q message) {
      if (!live.ended()) {
        super.onMessage(message);
      }
    }

    @Override
    public void onComplete() {
      calls.remove(live);
      if (live.ended()) {
        super.onCancel();
      } else {
        super.onComplete();
      }
    }

    @Override
    public void onCancel() {
      calls.remove(live);
      super.onCancel();
    }
  }
}

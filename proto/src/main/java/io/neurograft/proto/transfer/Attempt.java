package io.neurograft.proto.transfer;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One call of a transfer, seen from the dialling end, and its outcome. gRPC calls it one event at a
 * time; {@link #result}, {@link #progress} and {@link #cancel} are for the waiting thread.
 */
abstract class Attempt<Q, R> implements ClientResponseObserver<Q, R> {
  private final CompletableFuture<Void> result = new CompletableFuture<>();
  private volatile @Nullable ClientCallStreamObserver<Q> call;
  private volatile long events;

  /** Completes when the artifact is stored; fails with a gRPC status or a local IOException. */
  final CompletableFuture<Void> result() {
    return result;
  }

  /** A number that changes whenever anything happens. */
  final long progress() {
    return events;
  }

  final void cancel(String why) {
    ClientCallStreamObserver<Q> started = call;
    if (started != null) {
      started.cancel(why, null);
    }
    // Waits until no event is being handled, so that nobody writes after this returns.
    synchronized (this) {
      result.cancel(false);
    }
  }

  /** The artifact is stored; nothing that comes later changes that. */
  final void succeed() {
    result.complete(null);
  }

  @Override
  public final void beforeStart(ClientCallStreamObserver<Q> stream) {
    call = stream;
    started(stream);
  }

  @Override
  public final void onNext(R response) {
    try {
      react(() -> received(response));
    } finally {
      release(response);
    }
  }

  @Override
  public final void onError(Throwable t) {
    result.completeExceptionally(t);
    ended();
  }

  @Override
  public final void onCompleted() {
    result.completeExceptionally(
        Status.UNAVAILABLE
            .withDescription("the coordinator ended the transfer early")
            .asException());
    ended();
  }

  /** Runs an event; a failure of this end becomes the outcome and cancels the call. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // gRPC brings one event at a time
  final synchronized void react(Event event) {
    if (result.isDone()) {
      return;
    }
    events++;
    try {
      event.run();
    } catch (Exception e) {
      result.completeExceptionally(e);
      cancel("failed on the dialling side");
    }
  }

  /** Sets flow control up, before the call starts. */
  abstract void started(ClientCallStreamObserver<Q> stream);

  /** Handles a response. */
  abstract void received(R response) throws Exception;

  /** Lets go of what a response holds, whether it was handled or came too late. */
  void release(R response) {}

  /** Lets go of what the attempt holds. */
  abstract void ended();

  /** An event of the call. */
  interface Event {
    /** Handles it. */
    void run() throws Exception;
  }
}

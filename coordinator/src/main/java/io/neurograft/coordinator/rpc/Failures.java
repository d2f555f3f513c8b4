package io.neurograft.coordinator.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.neurograft.coordinator.audit.Refusals;
import io.neurograft.coordinator.conduct.Refusal;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.neural.config.InvalidInputException;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers failures: the one place that maps exceptions to status. What a caller did wrong is told
 * in full; what this program did wrong is told as a number that stands in the log beside the rest.
 */
final class Failures implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
  private static final int LONGEST = 4000;

  private final CoordinatorMetrics metrics;
  private final Refusals refusals;

  Failures(CoordinatorMetrics metrics, Refusals refusals) {
    this.metrics = metrics;
    this.refusals = refusals;
  }

  /** The status that answers a failure. */
  Status status(Throwable failure) {
    if (failure instanceof InvalidInputException) {
      return Status.INVALID_ARGUMENT.withDescription(brief(failure));
    }
    if (failure instanceof Refusal refusal) {
      Status status =
          switch (refusal.reason()) {
            case NOT_FOUND -> Status.NOT_FOUND;
            case NOT_READY, UNFIT -> Status.FAILED_PRECONDITION;
            case UNKNOWN -> Status.UNAUTHENTICATED;
            case DENIED -> Status.PERMISSION_DENIED;
          };
      return status.withDescription(brief(failure));
    }
    if (failure instanceof StorageException) {
      return Status.RESOURCE_EXHAUSTED.withDescription("at the coordinator " + brief(failure));
    }
    if (failure instanceof StatusRuntimeException told) {
      return told.getStatus();
    }
    String id = UUID.randomUUID().toString().substring(0, 8);
    LOG.error("call failed, log id {}", id, failure);
    metrics.internalError();
    return Status.INTERNAL.withDescription(
        "the coordinator failed by its own fault; its log has the reason under id " + id);
  }

  private static String brief(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    return message.length() > LONGEST ? message.substring(0, LONGEST) + "..." : message;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    String method = String.valueOf(call.getMethodDescriptor().getBareMethodName());
    String who = Caller.current().who();
    ClosingOnce<Q, A> once = new ClosingOnce<>(call, status -> ended(who, method, status));
    return new SimpleForwardingServerCallListener<>(next.startCall(once, headers)) {
      @Override
      public void onMessage(Q message) {
        guard(once, () -> super.onMessage(message));
      }

      @Override
      public void onHalfClose() {
        guard(once, super::onHalfClose);
      }

      @Override
      public void onCancel() {
        once.ended(Status.CANCELLED);
        super.onCancel();
      }

      @Override
      public void onReady() {
        guard(once, super::onReady);
      }
    };
  }

  private void ended(String who, String method, Status status) {
    metrics.callEnded(method, status.getCode().name());
    switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND, INVALID_ARGUMENT, FAILED_PRECONDITION ->
          refusals.refused(who, method, String.valueOf(status.getDescription()));
      default -> {} // done, or no fault of the caller's
    }
  }

  private void guard(ClosingOnce<?, ?> call, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      call.close(status(e), new Metadata());
    }
  }

  /** A call that ignores a second end: a handler may fail after it has answered. */
  private static final class ClosingOnce<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Consumer<Status> end;

    /**
     * @param end hears once how the call ended
     */
    ClosingOnce(ServerCall<Q, A> call, Consumer<Status> end) {
      super(call);
      this.end = end;
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (ended(status)) {
        super.close(status, trailers);
      }
    }

    /** Notes how the call ended; false if that is known already. */
    boolean ended(Status status) {
      boolean first = closed.compareAndSet(false, true);
      if (first) {
        end.accept(status);
      }
      return first;
    }
  }
}

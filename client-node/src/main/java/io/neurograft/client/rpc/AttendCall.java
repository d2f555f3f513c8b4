package io.neurograft.client.rpc;

import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.AttendResponse;
import io.neurograft.proto.v1.SessionServiceGrpc;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One Attend call, whose events a thread takes one by one. */
final class AttendCall
    implements ClientResponseObserver<AttendRequest, AttendResponse>, AutoCloseable {
  /** An event, or how the call ended. */
  private record Signal(Optional<AttendResponse> event, Status end) {}

  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private volatile @Nullable ClientCallStreamObserver<AttendRequest> call;

  static AttendCall start(Channel channel, AttendRequest request) {
    AttendCall attend = new AttendCall();
    SessionServiceGrpc.newStub(channel).attend(request, attend);
    return attend;
  }

  /**
   * Waits for the next event.
   *
   * @param most how long to wait
   * @return empty if none came
   * @throws StatusException if the call has ended
   */
  Optional<AttendResponse> next(Duration most) throws InterruptedException, StatusException {
    Signal signal = signals.poll(most.toMillis(), TimeUnit.MILLISECONDS);
    if (signal == null) {
      return Optional.empty();
    }
    return Optional.of(signal.event().orElseThrow(() -> signal.end().asException()));
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<AttendRequest> stream) {
    call = stream;
  }

  @Override
  public void onNext(AttendResponse response) {
    signals.add(new Signal(Optional.of(response), Status.OK));
  }

  @Override
  public void onError(Throwable t) {
    signals.add(new Signal(Optional.empty(), Status.fromThrowable(t)));
  }

  @Override
  public void onCompleted() {
    Status end = Status.UNAVAILABLE.withDescription("the coordinator ended the session");
    signals.add(new Signal(Optional.empty(), end));
  }

  /** Cancels the call where it has not ended. */
  @Override
  public void close() {
    ClientCallStreamObserver<AttendRequest> started = call;
    if (started != null) {
      started.cancel("the site leaves the session", null);
    }
  }
}

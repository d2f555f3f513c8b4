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
   * @param silence how long nothing may come before the connection counts as dead
   * @throws StatusException if the call has ended, or nothing came for so long
   */
  AttendResponse next(Duration silence) throws InterruptedException, StatusException {
    Signal signal = signals.poll(silence.toMillis(), TimeUnit.MILLISECONDS);
    if (signal == null) {
      throw Status.UNAVAILABLE
          .withDescription("heard nothing for " + silence.toMillis() / 1000.0 + " s")
          .asException();
    }
    return signal.event().orElseThrow(() -> signal.end().asException());
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

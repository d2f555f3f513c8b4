package io.neurograft.simulator;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.AttendResponse;
import io.neurograft.proto.v1.SessionServiceGrpc;
import io.neurograft.proto.v1.SiteProfile;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A session of a site that has no work: whether it lives, and how it ended. */
final class SiteSession implements StreamObserver<AttendResponse>, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ManagedChannel channel;
  private final Semaphore events = new Semaphore(0);
  private final CompletableFuture<Status> ended = new CompletableFuture<>();

  private SiteSession(ManagedChannel channel) {
    this.channel = channel;
  }

  /**
   * Attaches.
   *
   * @param channel is closed with it
   */
  static SiteSession attend(ManagedChannel channel, String site) {
    SiteSession session = new SiteSession(channel);
    SessionServiceGrpc.newStub(channel)
        .attend(
            AttendRequest.newBuilder()
                .setSite(site)
                .setProfile(
                    SiteProfile.newBuilder()
                        .addInputShape(4)
                        .addAllClassCounts(List.of(5L, 5L))
                        .setHeldBackExamples(2)
                        .setSoftwareVersion("test"))
                .build(),
            session);
    return session;
  }

  ManagedChannel channel() {
    return channel;
  }

  /** Waits until the coordinator says something that it had not said before. */
  SiteSession awaitSignOfLife() throws InterruptedException {
    events.drainPermits();
    if (!events.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the session is silent; it ended: " + ended.getNow(Status.OK));
    }
    return this;
  }

  /** Waits until the coordinator ends the session; tells how. */
  Status awaitEnd() throws InterruptedException {
    try {
      return ended.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the session did not end", e);
    }
  }

  @Override
  public void onNext(AttendResponse event) {
    events.release();
  }

  @Override
  public void onError(Throwable failure) {
    ended.complete(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    ended.complete(Status.OK);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}

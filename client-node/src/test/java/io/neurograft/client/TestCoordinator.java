package io.neurograft.client;

import com.google.protobuf.Duration;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.transfer.ArtifactCatalog;
import io.neurograft.proto.transfer.ArtifactEndpoint;
import io.neurograft.proto.transfer.TransferMeter;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.AttendResponse;
import io.neurograft.proto.v1.ReportTaskRequest;
import io.neurograft.proto.v1.ReportTaskResponse;
import io.neurograft.proto.v1.RunOver;
import io.neurograft.proto.v1.SessionServiceGrpc;
import io.neurograft.proto.v1.Task;
import io.neurograft.proto.v1.TaskRevoked;
import io.neurograft.proto.v1.Welcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The coordinator's side of the contract, for one site: a real server that hands out the tasks a
 * test gives it and collects the site's words.
 */
final class TestCoordinator implements AutoCloseable {
  private final ArtifactFolder folder;
  private final BlockingQueue<AttendRequest> attended = new LinkedBlockingQueue<>();
  private final BlockingQueue<ReportTaskRequest> answers = new LinkedBlockingQueue<>();
  private final BlockingQueue<ReportTaskRequest> progress = new LinkedBlockingQueue<>();
  private final Set<String> unwanted = ConcurrentHashMap.newKeySet();
  private final List<StreamObserver<AttendResponse>> sessions = new ArrayList<>();
  private volatile Status refusal = Status.OK;
  private volatile long heartbeatMillis = 60_000;
  private final Server server;

  TestCoordinator(Path path, int port) throws IOException {
    folder = ArtifactFolder.open(path);
    server =
        Channels.server(new Endpoint("127.0.0.1", port), Optional.empty())
            .addService(new ArtifactEndpoint(folder, new Catalog(), TransferMeter.NONE))
            .addService(new Sessions())
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  ArtifactFolder folder() {
    return folder;
  }

  /** Refuses every session from now on. */
  void refuse(Status status) {
    refusal = status;
  }

  /** Promises a heartbeat that never comes. */
  void promiseHeartbeats(long millis) {
    heartbeatMillis = millis;
  }

  AttendRequest awaitSession() throws InterruptedException {
    return take(attended, "a session");
  }

  /** Waits for a result or a failure. */
  ReportTaskRequest awaitAnswer() throws InterruptedException {
    return take(answers, "a result or a failure");
  }

  ReportTaskRequest awaitProgress() throws InterruptedException {
    return take(progress, "progress");
  }

  boolean hasAnswers() {
    return !answers.isEmpty();
  }

  void give(Task task) {
    send(AttendResponse.newBuilder().setTask(task).build());
  }

  void over(String runId) {
    send(AttendResponse.newBuilder().setRunOver(RunOver.newBuilder().setRunId(runId)).build());
  }

  void revoke(String taskId) {
    send(
        AttendResponse.newBuilder()
            .setRevoked(TaskRevoked.newBuilder().setTaskId(taskId).setReason("for the test"))
            .build());
  }

  /** Answers from now on that a task is not wanted. */
  void wantNot(String taskId) {
    unwanted.add(taskId);
  }

  /** Cuts the session off. */
  void cut() {
    end(Status.UNAVAILABLE);
  }

  /** Ends the session. */
  void end(Status status) {
    synchronized (sessions) {
      sessions.get(sessions.size() - 1).onError(status.asException());
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private void send(AttendResponse response) {
    synchronized (sessions) {
      sessions.get(sessions.size() - 1).onNext(response);
    }
  }

  private static <T> T take(BlockingQueue<T> queue, String what) throws InterruptedException {
    T taken = queue.poll(60, TimeUnit.SECONDS);
    if (taken == null) {
      throw new AssertionError("waited 60 s for " + what);
    }
    return taken;
  }

  private final class Sessions extends SessionServiceGrpc.SessionServiceImplBase {
    @Override
    public void attend(AttendRequest request, StreamObserver<AttendResponse> responses) {
      if (!refusal.isOk()) {
        responses.onError(refusal.asException());
        return;
      }
      Duration interval =
          Duration.newBuilder()
              .setNanos((int) (heartbeatMillis % 1000) * 1_000_000)
              .setSeconds(heartbeatMillis / 1000)
              .build();
      synchronized (sessions) {
        responses.onNext(
            AttendResponse.newBuilder()
                .setWelcome(
                    Welcome.newBuilder().setSoftwareVersion("test").setHeartbeatInterval(interval))
                .build());
        sessions.add(responses);
      }
      attended.add(request);
    }

    @Override
    public void reportTask(
        ReportTaskRequest request, StreamObserver<ReportTaskResponse> responses) {
      (request.hasProgress() ? progress : answers).add(request);
      responses.onNext(
          ReportTaskResponse.newBuilder()
              .setWanted(!unwanted.contains(request.getTaskId()))
              .build());
      responses.onCompleted();
    }
  }

  private final class Catalog implements ArtifactCatalog {
    @Override
    public Optional<ArtifactKind> kind(Digest digest) {
      return folder.find(digest).map(file -> ArtifactKind.ARTIFACT_KIND_WEIGHTS);
    }

    @Override
    public boolean isStored(Artifact artifact) {
      return false;
    }

    @Override
    public void expect(Artifact artifact) {}

    @Override
    public void stored(Artifact artifact) {}
  }
}

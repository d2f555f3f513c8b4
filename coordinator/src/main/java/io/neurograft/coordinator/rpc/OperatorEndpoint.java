package io.neurograft.coordinator.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.neurograft.coordinator.authority.Registrar;
import io.neurograft.coordinator.conduct.RunDesk;
import io.neurograft.coordinator.conduct.RunWatchers;
import io.neurograft.coordinator.store.IdentityTable.Revoked;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.v1.CancelRunRequest;
import io.neurograft.proto.v1.CancelRunResponse;
import io.neurograft.proto.v1.CreateRunRequest;
import io.neurograft.proto.v1.CreateRunResponse;
import io.neurograft.proto.v1.DeleteRunRequest;
import io.neurograft.proto.v1.DeleteRunResponse;
import io.neurograft.proto.v1.GetRunRequest;
import io.neurograft.proto.v1.GetRunResponse;
import io.neurograft.proto.v1.InviteRequest;
import io.neurograft.proto.v1.InviteResponse;
import io.neurograft.proto.v1.ListRunsRequest;
import io.neurograft.proto.v1.ListRunsResponse;
import io.neurograft.proto.v1.ListSitesRequest;
import io.neurograft.proto.v1.ListSitesResponse;
import io.neurograft.proto.v1.OperatorServiceGrpc;
import io.neurograft.proto.v1.PauseRunRequest;
import io.neurograft.proto.v1.PauseRunResponse;
import io.neurograft.proto.v1.ResumeRunRequest;
import io.neurograft.proto.v1.ResumeRunResponse;
import io.neurograft.proto.v1.RevokeRequest;
import io.neurograft.proto.v1.RevokeResponse;
import io.neurograft.proto.v1.Run;
import io.neurograft.proto.v1.WatchRunRequest;
import io.neurograft.proto.v1.WatchRunResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;

/** OperatorService: runs are created, followed and cancelled here. */
final class OperatorEndpoint extends OperatorServiceGrpc.OperatorServiceImplBase {
  private final RunDesk runs;
  private final RunWatchers watchers;
  private final Failures failures;
  private final ScheduledExecutorService timer;
  private final Optional<Registrar> registrar;
  private final Runnable revoked;
  private final Set<RunStream> open = ConcurrentHashMap.newKeySet();

  /**
   * @param registrar empty where plain text is spoken
   * @param revoked is told when somebody was revoked
   */
  OperatorEndpoint(
      RunDesk runs,
      RunWatchers watchers,
      Failures failures,
      ScheduledExecutorService timer,
      Optional<Registrar> registrar,
      Runnable revoked) {
    this.runs = runs;
    this.watchers = watchers;
    this.failures = failures;
    this.timer = timer;
    this.registrar = registrar;
    this.revoked = revoked;
  }

  /** Ends the calls of all who follow a run. */
  void stop() {
    open.forEach(RunStream::stop);
  }

  @Override
  public void createRun(CreateRunRequest request, StreamObserver<CreateRunResponse> responses) {
    Run run = RunMessages.message(runs.create(who(), RunMessages.specification(request)));
    answer(responses, CreateRunResponse.newBuilder().setRun(run).build());
  }

  @Override
  public void getRun(GetRunRequest request, StreamObserver<GetRunResponse> responses) {
    Run run = RunMessages.message(runs.get(RunMessages.id(request.getRunId())));
    answer(responses, GetRunResponse.newBuilder().setRun(run).build());
  }

  @Override
  public void listRuns(ListRunsRequest request, StreamObserver<ListRunsResponse> responses) {
    ListRunsResponse.Builder response = ListRunsResponse.newBuilder();
    runs.list().forEach(told -> response.addRuns(RunMessages.message(told)));
    answer(responses, response.build());
  }

  @Override
  public void watchRun(WatchRunRequest request, StreamObserver<WatchRunResponse> responses) {
    String runId = runs.get(RunMessages.id(request.getRunId())).run().id();
    var out = (ServerCallStreamObserver<WatchRunResponse>) responses;
    RunStream stream = new RunStream(runId, runs, failures, out, timer);
    open.add(stream);
    stream.follow(watchers, () -> open.remove(stream));
  }

  @Override
  public void cancelRun(CancelRunRequest request, StreamObserver<CancelRunResponse> responses) {
    Run run = RunMessages.message(runs.cancel(who(), RunMessages.id(request.getRunId())));
    answer(responses, CancelRunResponse.newBuilder().setRun(run).build());
  }

  @Override
  public void deleteRun(DeleteRunRequest request, StreamObserver<DeleteRunResponse> responses) {
    runs.delete(who(), RunMessages.id(request.getRunId()));
    answer(responses, DeleteRunResponse.getDefaultInstance());
  }

  @Override
  public void pauseRun(PauseRunRequest request, StreamObserver<PauseRunResponse> responses) {
    Run run = RunMessages.message(runs.pause(who(), RunMessages.id(request.getRunId())));
    answer(responses, PauseRunResponse.newBuilder().setRun(run).build());
  }

  @Override
  public void resumeRun(ResumeRunRequest request, StreamObserver<ResumeRunResponse> responses) {
    Run run = RunMessages.message(runs.resume(who(), RunMessages.id(request.getRunId())));
    answer(responses, ResumeRunResponse.newBuilder().setRun(run).build());
  }

  @Override
  public void listSites(ListSitesRequest request, StreamObserver<ListSitesResponse> responses) {
    ListSitesResponse.Builder response = ListSitesResponse.newBuilder();
    runs.sites().forEach(told -> response.addSites(RunMessages.message(told)));
    answer(responses, response.build());
  }

  @Override
  public void invite(InviteRequest request, StreamObserver<InviteResponse> responses) {
    Identity identity = IdentityMessages.identity(request.getRole(), request.getName());
    Duration valid = Duration.ofSeconds(request.getValid().getSeconds());
    Registrar.Invited invited =
        EnrolmentEndpoint.required(registrar).invite(who(), identity, valid);
    answer(
        responses,
        InviteResponse.newBuilder()
            .setToken(invited.token().text())
            .setExpires(TaskMessages.time(invited.expires()))
            .build());
  }

  @Override
  public void revoke(RevokeRequest request, StreamObserver<RevokeResponse> responses) {
    Identity identity = IdentityMessages.identity(request.getRole(), request.getName());
    Revoked met = EnrolmentEndpoint.required(registrar).revoke(who(), identity);
    try {
      answer(
          responses,
          RevokeResponse.newBuilder()
              .setCertificates(met.certificates())
              .setUnknown(!met.known())
              .build());
    } finally {
      revoked.run(); // after the answer: it may be the operator's own call that ends
    }
  }

  private static String who() {
    return Caller.current().who();
  }

  private static <T> void answer(StreamObserver<T> responses, T response) {
    responses.onNext(response);
    responses.onCompleted();
  }
}

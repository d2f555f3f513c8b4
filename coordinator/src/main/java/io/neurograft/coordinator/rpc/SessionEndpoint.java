package io.neurograft.coordinator.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.conduct.Conductor;
import io.neurograft.coordinator.conduct.TaskDesk;
import io.neurograft.coordinator.conduct.Versions;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.Deed;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.AttendResponse;
import io.neurograft.proto.v1.CheckRequest;
import io.neurograft.proto.v1.CheckResponse;
import io.neurograft.proto.v1.ReportTaskRequest;
import io.neurograft.proto.v1.ReportTaskResponse;
import io.neurograft.proto.v1.SessionServiceGrpc;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** SessionService: sites attach here and report on their tasks. */
final class SessionEndpoint extends SessionServiceGrpc.SessionServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(SessionEndpoint.class);

  private final Conductor conductor;
  private final TaskDesk tasks;
  private final Failures failures;
  private final Executor intake;
  private final Journal journal;
  private final InstantSource clock;
  private final Duration heartbeat;
  private final Set<SiteStream> open = ConcurrentHashMap.newKeySet();

  /**
   * @param intake does what reads whole models, one at a time
   */
  SessionEndpoint(
      Conductor conductor,
      TaskDesk tasks,
      Failures failures,
      Executor intake,
      Journal journal,
      InstantSource clock,
      Duration heartbeat) {
    this.conductor = conductor;
    this.tasks = tasks;
    this.failures = failures;
    this.intake = intake;
    this.journal = journal;
    this.clock = clock;
    this.heartbeat = heartbeat;
  }

  /** Sends every attached site a sign of life. */
  void beat() {
    open.forEach(stream -> stream.heartbeat(clock.instant()));
  }

  /** Ends all sessions. */
  void stop() {
    open.forEach(SiteStream::stop);
  }

  @Override
  public void attend(AttendRequest request, StreamObserver<AttendResponse> responses) {
    StoredSite site = SessionMessages.site(request, clock.instant());
    Caller.current().speaksAs(site.name());
    var out = (ServerCallStreamObserver<AttendResponse>) responses;
    SiteStream stream = new SiteStream(site.name(), SessionMessages.program(request), out);
    String who = Caller.current().who();
    Runnable gone =
        () -> {
          if (open.remove(stream)) {
            conductor.detach(site.name(), stream);
            journal.note(Deed.of(who, Act.SITE_DETACHED).about("site", site.name()));
            LOG.info("a session of site {} has ended", site.name());
          }
        };
    out.setOnCancelHandler(gone);
    out.setOnCloseHandler(gone);
    conductor.admit(site);
    open.add(stream);
    stream.welcome(heartbeat);
    LOG.info("site {} is attached, version {}", site.name(), site.softwareVersion());
    journal.note(Deed.of(who, Act.SITE_ATTACHED).about("site", site.name()));
    conductor.attach(site.name(), stream, request.getRunsList());
  }

  @Override
  public void check(CheckRequest request, StreamObserver<CheckResponse> responses) {
    String site = SessionMessages.site(request);
    Caller caller = Caller.current();
    caller.speaksAs(site);
    boolean attached = conductor.attached(site);
    Instant now = clock.instant(); // last, since it is compared with when the answer comes
    responses.onNext(
        CheckResponse.newBuilder()
            .setSite(caller.site().orElse(site))
            .setTime(TaskMessages.time(now))
            .setSoftwareVersion(Versions.software())
            .setAttached(attached)
            .build());
    responses.onCompleted();
  }

  @Override
  public void reportTask(ReportTaskRequest request, StreamObserver<ReportTaskResponse> responses) {
    SessionMessages.Report report = SessionMessages.report(request);
    String site = request.getSite();
    String taskId = request.getTaskId();
    Caller.current().speaksAs(site);
    if (report instanceof SessionMessages.Report.Done done) {
      intake.execute(() -> take(site, taskId, done.result(), responses));
    } else if (report instanceof SessionMessages.Report.Progress progress) {
      answer(responses, tasks.progress(site, taskId, progress.fraction(), progress.phase()));
    } else if (report instanceof SessionMessages.Report.Failed failed) {
      answer(responses, tasks.failed(site, taskId, failed.message(), failed.retryable()));
    }
  }

  /** Takes a result: its model is read whole, so that is done apart from the calls' own threads. */
  private void take(
      String site, String taskId, TaskResult result, StreamObserver<ReportTaskResponse> responses) {
    if (((ServerCallStreamObserver<?>) responses).isCancelled()) {
      return; // the site was revoked while it waited here, or has gone and will say it again
    }
    try {
      answer(responses, tasks.done(site, taskId, result));
    } catch (RuntimeException e) {
      responses.onError(failures.status(e).asRuntimeException());
    }
  }

  private static void answer(StreamObserver<ReportTaskResponse> responses, boolean wanted) {
    responses.onNext(ReportTaskResponse.newBuilder().setWanted(wanted).build());
    responses.onCompleted();
  }
}

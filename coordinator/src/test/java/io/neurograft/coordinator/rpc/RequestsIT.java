package io.neurograft.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.neurograft.coordinator.Coordinator;
import io.neurograft.coordinator.CoordinatorConfig;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.ArtifactServiceGrpc;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.CancelRunRequest;
import io.neurograft.proto.v1.CreateRunRequest;
import io.neurograft.proto.v1.DeleteRunRequest;
import io.neurograft.proto.v1.DownloadArtifactRequest;
import io.neurograft.proto.v1.Evaluation;
import io.neurograft.proto.v1.GetRunRequest;
import io.neurograft.proto.v1.OperatorServiceGrpc;
import io.neurograft.proto.v1.ReportTaskRequest;
import io.neurograft.proto.v1.SessionServiceGrpc;
import io.neurograft.proto.v1.SiteProfile;
import io.neurograft.proto.v1.TaskFailure;
import io.neurograft.proto.v1.TaskProgress;
import io.neurograft.proto.v1.TaskResult;
import io.neurograft.proto.v1.WatchRunRequest;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong requests get one clear status each, and nothing is lost by them. */
final class RequestsIT {
  private static final String SPEC =
      """
      network: {family: mlp, widths: [4], classes: 10, input: {shape: [1, 28, 28]}}
      sites: {minimum: 1}
      scores: {method: uniform}
      """;
  private static final String DIGEST = "0".repeat(64);

  @TempDir Path folder;
  private Coordinator coordinator;
  private ScriptedSite site;

  @BeforeEach
  void start() throws Exception {
    coordinator = Coordinator.start(config("coordinator", 0));
    site =
        new ScriptedSite(
            "a", coordinator.port(), folder.resolve("sites"), (t, n) -> ScriptedSite.Act.IGNORE);
  }

  @AfterEach
  void stop() {
    site.close();
    coordinator.close();
  }

  @Test
  void createRun_faults_areAllNamed() {
    refused(
        () -> create("network: {family: mlp}\nmethods: [alchemy]\n"),
        Status.Code.INVALID_ARGUMENT,
        "network.classes",
        "methods[0]",
        "alchemy");
    refused(() -> create(" "), Status.Code.INVALID_ARGUMENT, "specification");
    refused(
        () -> create(SPEC + "evaluation: \"mnist:/no/such/folder\"\n"),
        Status.Code.INVALID_ARGUMENT,
        "evaluation",
        "/no/such/folder");
  }

  @Test
  void createRun_dataDoesNotFitTheNetwork_isRefused() {
    refused(
        () ->
            create(
                """
                network: {family: mlp, widths: [4], classes: 5, input: {shape: [28]}}
                evaluation: "glyphs?train=20&test=20"
                """),
        Status.Code.INVALID_ARGUMENT,
        "expected examples of the network's shape [28], found [1, 28, 28]",
        "expected at most the network's 5 classes, found 10");
  }

  @Test
  void getAndWatchRun_unknownRun_isNotFound() {
    var runs = OperatorServiceGrpc.newBlockingStub(site.channel());
    refused(
        () -> runs.getRun(GetRunRequest.newBuilder().setRunId("no-1").build()),
        Status.Code.NOT_FOUND,
        "there is no run \"no-1\"");
    refused(
        () -> runs.watchRun(WatchRunRequest.newBuilder().setRunId("no-1").build()).next(),
        Status.Code.NOT_FOUND,
        "no-1");
    refused(
        () -> runs.getRun(GetRunRequest.getDefaultInstance()),
        Status.Code.INVALID_ARGUMENT,
        "run_id");
  }

  @Test
  void attend_profileWithFaults_isRefusedWithEach() {
    var sessions = SessionServiceGrpc.newBlockingStub(site.channel());
    refused(
        () -> sessions.attend(AttendRequest.newBuilder().setSite("Not A Site\n").build()).next(),
        Status.Code.INVALID_ARGUMENT,
        "site: expected 1 to 63",
        "profile.input_shape",
        "profile.class_counts");
    SiteProfile many =
        SiteProfile.newBuilder()
            .addInputShape(1)
            .addAllClassCounts(Collections.nCopies((1 << 15) + 1, 1L))
            .build();
    refused(
        () ->
            sessions
                .attend(AttendRequest.newBuilder().setSite("a").setProfile(many).build())
                .next(),
        Status.Code.INVALID_ARGUMENT,
        "profile.class_counts: expected a number of examples, 0 or more, for each of 1 to 32768"
            + " classes, found 32769");
  }

  @Test
  void attend_again_replacesTheFormerSession() throws Exception {
    site.attach();
    await(() -> "yes".equals(attached()));
    try (ScriptedSite second =
        ScriptedSite.diligent("a", coordinator.port(), folder.resolve("second"))) {
      await(() -> site.ended().isPresent());
      assertThat(Status.fromThrowable(site.ended().orElseThrow()).getCode())
          .isEqualTo(Status.Code.ABORTED);
      assertThat(second.ended()).isEmpty();
      assertThat(attached()).isEqualTo("yes");
    }
  }

  @Test
  void attend_runsThatEnded_areToldToWhoIsThereAndToWhoComesBack() throws Exception {
    String run = create(SPEC);
    String going = create(SPEC);
    site.attach(run, "no-run");
    await(() -> !site.received().isEmpty());
    assertThat(site.over()).isEmpty();
    var operator = OperatorServiceGrpc.newBlockingStub(site.channel());
    var unused = operator.cancelRun(CancelRunRequest.newBuilder().setRunId(run).build());
    await(() -> site.over().equals(List.of(run)));
    try (ScriptedSite second =
        new ScriptedSite(
            "b", coordinator.port(), folder.resolve("second"), (t, n) -> ScriptedSite.Act.IGNORE)) {
      second.attach(going, "no-run", run);
      await(() -> second.over().equals(List.of(run)));
      var unusedToo = operator.deleteRun(DeleteRunRequest.newBuilder().setRunId(run).build());
      second.attach(going, run);
      await(() -> second.over().equals(List.of(run, run)));
    }
  }

  @Test
  void reportTask_wrongInAnyWay_leavesTheTaskOpen() throws Exception {
    String run = create(SPEC);
    site.attach();
    await(() -> !site.received().isEmpty());
    String task = site.received().get(0).getTaskId();

    refused(() -> report("a", "no-such-task", ok()), Status.Code.NOT_FOUND, "no-such-task");
    refused(() -> report("b", task, ok()), Status.Code.NOT_FOUND, "site b has no task");
    refused(() -> report("A!", task, ok()), Status.Code.INVALID_ARGUMENT, "site: expected");
    refused(
        () -> report("a", task, ReportTaskRequest.newBuilder()),
        Status.Code.INVALID_ARGUMENT,
        "expected progress, a result or a failure");
    refused(
        () ->
            report(
                "a",
                task,
                ReportTaskRequest.newBuilder()
                    .setProgress(TaskProgress.newBuilder().setFraction(Double.NaN))),
        Status.Code.INVALID_ARGUMENT,
        "progress.fraction");
    refused(
        () ->
            report(
                "a",
                task,
                ReportTaskRequest.newBuilder().setFailure(TaskFailure.getDefaultInstance())),
        Status.Code.INVALID_ARGUMENT,
        "failure.message");
    refused(
        () -> report("a", task, result("nonsense")),
        Status.Code.INVALID_ARGUMENT,
        "64 lower-case hexadecimal digits");
    refused(
        () -> report("a", task, result(DIGEST)),
        Status.Code.FAILED_PRECONDITION,
        "was not uploaded");

    assertThat(report("a", task, ok())).isTrue();
    assertThat(state(run)).isEqualTo("training");
  }

  @Test
  void reportTask_figuresBeyondWhatTheSiteHolds_failTheTask() {
    String run = create(SPEC);
    site.attach();
    await(() -> !site.received().isEmpty());
    String task = site.received().get(0).getTaskId();
    ReportTaskRequest.Builder lie =
        ReportTaskRequest.newBuilder()
            .setResult(
                TaskResult.newBuilder()
                    .setTrainingExamples(1_000_000)
                    .setAfter(Evaluation.newBuilder().setExamples(9000).setCorrect(9001)));
    refused(
        () -> report("a", task, lie),
        Status.Code.FAILED_PRECONDITION,
        "training_examples: expected 1 to 60",
        "after.examples: expected at most 20",
        "after.correct");
    await(() -> state(run).equals("failed"));
  }

  @Test
  void artifacts_badTransfers_getTheirStatus() throws Exception {
    var artifacts = ArtifactServiceGrpc.newBlockingStub(site.channel());
    refused(
        () ->
            artifacts
                .downloadArtifact(DownloadArtifactRequest.newBuilder().setDigest(DIGEST).build())
                .next(),
        Status.Code.NOT_FOUND,
        DIGEST);
    refused(
        () ->
            artifacts
                .downloadArtifact(
                    DownloadArtifactRequest.newBuilder().setDigest("../etc/passwd").build())
                .next(),
        Status.Code.INVALID_ARGUMENT,
        "SHA-256");
    var tooLarge =
        UploadProbe.send(
            site.channel(),
            Artifact.newBuilder()
                .setDigest(DIGEST)
                .setSize(Long.MAX_VALUE)
                .setKind(ArtifactKind.ARTIFACT_KIND_WEIGHTS)
                .build(),
            ByteString.EMPTY);
    assertThat(tooLarge.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    var damaged =
        UploadProbe.send(
            site.channel(),
            Artifact.newBuilder()
                .setDigest(DIGEST)
                .setSize(5)
                .setKind(ArtifactKind.ARTIFACT_KIND_WEIGHTS)
                .build(),
            ByteString.copyFromUtf8("hello"));
    assertThat(damaged.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void health_isServing() {
    var health = HealthGrpc.newBlockingStub(site.channel());
    assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void start_portOrFolderInUse_saysSoInOneLine() {
    InvalidInputException port =
        catchThrowableOfType(
            InvalidInputException.class,
            () -> Coordinator.start(config("other", coordinator.port())));
    assertThat(port)
        .hasMessageStartingWith("listen 127.0.0.1:" + coordinator.port())
        .hasMessageContaining("in use");
    assertThat(config("other", 0).folder()).doesNotExist();
    InvalidInputException same =
        catchThrowableOfType(
            InvalidInputException.class, () -> Coordinator.start(config("coordinator", 0)));
    assertThat(same).hasMessageContaining("another coordinator is running in it");
  }

  private CoordinatorConfig config(String name, int port) {
    return CoordinatorConfig.of(new Endpoint("127.0.0.1", port), folder.resolve(name), 1);
  }

  private String create(String specification) {
    return OperatorServiceGrpc.newBlockingStub(site.channel())
        .createRun(CreateRunRequest.newBuilder().setSpecification(specification).build())
        .getRun()
        .getRunId();
  }

  private String state(String run) {
    return OperatorServiceGrpc.newBlockingStub(site.channel())
        .getRun(GetRunRequest.newBuilder().setRunId(run).build())
        .getRun()
        .getState()
        .name()
        .replace("RUN_STATE_", "")
        .toLowerCase(java.util.Locale.ROOT);
  }

  private String attached() {
    var sites =
        OperatorServiceGrpc.newBlockingStub(site.channel())
            .listSites(io.neurograft.proto.v1.ListSitesRequest.getDefaultInstance());
    return sites.getSitesList().stream().anyMatch(s -> s.getAttached()) ? "yes" : "no";
  }

  private boolean report(String name, String task, ReportTaskRequest.Builder report) {
    return SessionServiceGrpc.newBlockingStub(site.channel())
        .reportTask(report.setSite(name).setTaskId(task).build())
        .getWanted();
  }

  private static ReportTaskRequest.Builder ok() {
    return ReportTaskRequest.newBuilder()
        .setProgress(TaskProgress.newBuilder().setFraction(0.5).setPhase("trains"));
  }

  private static ReportTaskRequest.Builder result(String digest) {
    return ReportTaskRequest.newBuilder()
        .setResult(
            TaskResult.newBuilder()
                .setTrainingExamples(10)
                .addArtifacts(
                    Artifact.newBuilder()
                        .setDigest(digest)
                        .setSize(5)
                        .setKind(ArtifactKind.ARTIFACT_KIND_WEIGHTS)));
  }

  private static void refused(Supplier<?> call, Status.Code code, String... says) {
    StatusRuntimeException refusal = catchThrowableOfType(StatusRuntimeException.class, call::get);
    assertThat(refusal).isNotNull();
    assertThat(refusal.getStatus().getCode()).as(refusal.getMessage()).isEqualTo(code);
    assertThat(refusal.getStatus().getDescription()).contains(says).hasLineCount(1);
  }

  private static void await(java.util.function.BooleanSupplier holds) {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!holds.getAsBoolean() && System.nanoTime() < end) {
      java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }
}

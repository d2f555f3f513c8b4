package io.neurograft.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.grpc.Status;
import io.neurograft.client.config.DataConfig;
import io.neurograft.client.config.NodeConfig;
import io.neurograft.client.guard.Guards;
import io.neurograft.client.rpc.SessionRefusedException;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.neural.tensor.DeviceSetting;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.v1.AdoptTask;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.EvaluateTask;
import io.neurograft.proto.v1.FineTuneTask;
import io.neurograft.proto.v1.Optimizer;
import io.neurograft.proto.v1.ReportTaskRequest;
import io.neurograft.proto.v1.Scoring;
import io.neurograft.proto.v1.Task;
import io.neurograft.proto.v1.TaskResult;
import io.neurograft.proto.v1.TrainTask;
import io.neurograft.proto.v1.Training;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole node against a real server that keeps the contract. */
@Timeout(120)
class NodeIT {
  private static final String NETWORK =
      "{family: mlp, widths: [16], classes: 10, input: {shape: [1, 28, 28]}}";
  private static final NetworkSpec SPEC = NetworkSpec.parse(NETWORK, "test");

  @TempDir Path temporary;

  @Test
  void start_coordinatorNotThereYet_attachesOnceItIs() throws Exception {
    int port = freePort();
    try (Node node = Node.start(config(port));
        TestCoordinator coordinator = later(port)) {
      AttendRequest request = coordinator.awaitSession();

      assertThat(request.getSite()).isEqualTo("site-a");
      assertThat(request.getProfile().getInputShapeList()).containsExactly(1L, 28L, 28L);
      assertThat(request.getProfile().getHeldBackExamples()).isBetween(30L, 50L);
      assertThat(sum(request.getProfile().getClassCountsList()))
          .isEqualTo(400 - request.getProfile().getHeldBackExamples());
      assertThat(node.ended()).isNotDone();
    }
  }

  @Test
  void attend_sessionCutOrSilent_attachesAgain() throws Exception {
    try (TestCoordinator coordinator = coordinator()) {
      coordinator.promiseHeartbeats(200);
      try (Node node = Node.start(config(coordinator.port()))) {
        coordinator.awaitSession();
        // Nothing is sent: three intervals later the node counts the connection as dead.
        coordinator.awaitSession();
        coordinator.promiseHeartbeats(60_000);
        coordinator.awaitSession();
        coordinator.cut();
        coordinator.awaitSession();
        assertThat(node.ended()).isNotDone();
      }
    }
  }

  @Test
  void attend_refused_endsAndSaysWhy() throws Exception {
    try (TestCoordinator coordinator = coordinator()) {
      coordinator.refuse(Status.INVALID_ARGUMENT.withDescription("site: expected another name"));
      try (Node node = Node.start(config(coordinator.port()))) {
        assertThatThrownBy(() -> node.ended().join())
            .hasCauseInstanceOf(SessionRefusedException.class)
            .hasMessageContaining("site: expected another name");
      }
    }
  }

  @Test
  void attend_proxyAnswersInItsStead_attachesOnceTheCoordinatorDoes() throws Exception {
    int port = freePort();
    try (Node node = Node.start(config(port))) {
      try (StatusOnlyServer proxy = new StatusOnlyServer(port, 404)) {
        for (int status : new int[] {404, 403, 401}) {
          proxy.awaitRequest(status);
        }
      }
      try (TestCoordinator coordinator = new TestCoordinator(temporary.resolve("c"), port)) {
        coordinator.awaitSession();
        assertThat(node.ended()).isNotDone();
      }
    }
  }

  @Test
  void attend_anotherProgramTakesItsPlace_endsOnlyWhenThatRuns() throws Exception {
    try (TestCoordinator coordinator = coordinator();
        Node node = Node.start(config(coordinator.port()))) {
      AttendRequest first = coordinator.awaitSession();
      coordinator.end(Status.ABORTED.withDescription("another program has attached as site-a"));
      AttendRequest second = coordinator.awaitSession();
      assertThat(second.getProgram()).isNotEmpty().isEqualTo(first.getProgram());
      assertThat(second.getAttempt()).isEqualTo(first.getAttempt() + 1);
      coordinator.end(Status.ABORTED);
      coordinator.awaitSession();
      assertThat(node.ended()).isNotDone();
      coordinator.end(Status.ABORTED.withDescription("another program has attached as site-a"));
      assertThatThrownBy(() -> node.ended().join())
          .hasCauseInstanceOf(SessionRefusedException.class)
          .hasMessageContaining("another program has attached as site-a");
    }
  }

  @Test
  void attend_severalAddresses_takesTheNextWhenOneFails() throws Exception {
    try (TestCoordinator one = coordinator();
        TestCoordinator other = new TestCoordinator(temporary.resolve("other"), 0);
        Node node = Node.start(config(List.of(freePort(), one.port(), other.port()), 0))) {
      one.awaitSession();
      one.give(train("t1", 1));
      assertThat(one.awaitAnswer().getTaskId()).isEqualTo("t1");
      one.cut();
      assertThat(other.awaitSession().getRunsList()).containsExactly("run-1");
      other.give(train("t1", 1));
      assertThat(other.awaitAnswer().hasResult()).isTrue();
      assertThat(node.ended()).isNotDone();
    }
  }

  @Test
  void train_diskHasNotTheRoomThatStaysFree_waits() throws Exception {
    long all = Files.getFileStore(temporary).getTotalSpace();
    try (TestCoordinator coordinator = coordinator();
        Node node = Node.start(config(List.of(coordinator.port()), 2 * all))) {
      coordinator.awaitSession();
      coordinator.give(train("t1", 1));
      while (!coordinator.awaitProgress().getProgress().getPhase().contains("cannot store")) {
        assertThat(coordinator.hasAnswers()).isFalse();
      }
      assertThat(temporary.resolve("node/artifacts/incoming")).isEmptyDirectory();
      assertThat(node.ended()).isNotDone();
    }
  }

  @Test
  void tasks_trainFineTuneEvaluateAdopt_bringArtifactsAndFigures() throws Exception {
    try (TestCoordinator coordinator = coordinator();
        Node node = Node.start(config(coordinator.port(), 0))) {
      coordinator.awaitSession();

      coordinator.give(train("t1", 5));
      TaskResult trained = coordinator.awaitAnswer().getResult();
      assertThat(trained.getTrainingExamples()).isEqualTo(360);
      assertThat(trained.getAfter().getExamples()).isEqualTo(40);
      Artifact weights = trained.getArtifacts(0);
      checkFiles(coordinator, weights, trained.getArtifacts(1));

      coordinator.give(
          task("t2")
              .setFineTune(
                  FineTuneTask.newBuilder()
                      .setModel(weights)
                      .setTraining(training(2))
                      .setSeed(3)
                      .setMethod("transplant")
                      .setRound(1))
              .build());
      TaskResult tuned = coordinator.awaitAnswer().getResult();
      assertThat(tuned.getBefore()).isEqualTo(trained.getAfter());
      assertThat(tuned.getAfter().getLoss()).isLessThan(tuned.getBefore().getLoss());
      Artifact model = tuned.getArtifacts(0);

      coordinator.give(task("t3").setEvaluate(EvaluateTask.newBuilder().setModel(model)).build());
      assertThat(coordinator.awaitAnswer().getResult().getBefore()).isEqualTo(tuned.getAfter());

      coordinator.give(task("t4").setAdopt(AdoptTask.newBuilder().setModel(model)).build());
      assertThat(coordinator.awaitAnswer().hasResult()).isTrue();
      Path models = temporary.resolve("node/models");
      assertThat(Digest.of(models.resolve("run-1.safetensors")).hex()).isEqualTo(model.getDigest());
      assertThat(NetworkSpec.read(models.resolve("run-1.network.yaml"))).isEqualTo(SPEC);

      // The run is over: only its model is left, of a task that never came to an end as well.
      coordinator.give(train("t5", 100_000));
      coordinator.awaitProgress();
      coordinator.over("run-1");
      awaitEmpty(temporary.resolve("node/tasks"));
      assertThat(temporary.resolve("node/artifacts/" + model.getDigest())).doesNotExist();
      assertThat(metrics(node))
          .contains("neurograft_node_tasks_total{kind=\"train\",outcome=\"done\"} 1.0")
          .contains("neurograft_node_attached 1.0")
          .containsPattern("neurograft_node_transfer_bytes_total\\{direction=\"sent\"\\} \\d");
    }
  }

  @Test
  void train_againAfterARestart_isAnsweredFromTheFolder() throws Exception {
    try (TestCoordinator coordinator = coordinator()) {
      TaskResult first;
      try (Node node = Node.start(config(coordinator.port()))) {
        coordinator.awaitSession();
        coordinator.give(train("t1", 1));
        first = coordinator.awaitAnswer().getResult();
        assertThat(node.ended()).isNotDone();
      }
      try (Node node = Node.start(config(coordinator.port()))) {
        coordinator.awaitSession();
        coordinator.give(train("t1", 1));
        // The very same seconds: nothing was done again.
        assertThat(coordinator.awaitAnswer().getResult()).isEqualTo(first);
        // Another task with the same seed is done again, and makes the same artifacts.
        coordinator.give(train("t2", 1));
        assertThat(coordinator.awaitAnswer().getResult().getArtifactsList())
            .isEqualTo(first.getArtifactsList());
        assertThat(node.ended()).isNotDone();
      }
    }
  }

  @Test
  void train_reattachedMeanwhile_goesOnAndIsReportedOnce() throws Exception {
    try (TestCoordinator coordinator = coordinator();
        Node node = Node.start(config(coordinator.port()))) {
      coordinator.awaitSession();
      coordinator.give(train("t1", 400));
      assertThat(coordinator.awaitProgress().getProgress().getFraction()).isBetween(0.0, 1.0);
      coordinator.cut();
      coordinator.awaitSession();
      coordinator.give(train("t1", 400));

      assertThat(coordinator.awaitAnswer().hasResult()).isTrue();
      coordinator.give(train("t2", 1));
      assertThat(coordinator.awaitAnswer().getTaskId()).isEqualTo("t2");
      assertThat(node.ended()).isNotDone();
    }
  }

  @Test
  void train_revokedOrUnwanted_stopsAndReportsNothing() throws Exception {
    try (TestCoordinator coordinator = coordinator();
        Node node = Node.start(config(coordinator.port()))) {
      coordinator.awaitSession();
      coordinator.give(train("t1", 100_000));
      coordinator.awaitProgress();
      coordinator.revoke("t1");
      coordinator.wantNot("t2");
      coordinator.give(train("t2", 100_000));
      coordinator.give(train("t3", 1));

      assertThat(coordinator.awaitAnswer().getTaskId()).isEqualTo("t3");
      assertThat(coordinator.hasAnswers()).isFalse();
      assertThat(node.ended()).isNotDone();
    }
  }

  @Test
  void train_diskDoesNotTakeTheWeights_waitsUntilItDoes() throws Exception {
    try (TestCoordinator coordinator = coordinator();
        Node node = Node.start(config(coordinator.port()))) {
      coordinator.awaitSession();
      // Who is root can write to any folder, so there is none.
      Path incoming = temporary.resolve("node/artifacts/incoming");
      Files.delete(incoming);
      coordinator.give(train("t1", 1));
      while (!coordinator
          .awaitProgress()
          .getProgress()
          .getPhase()
          .contains("cannot store weights")) {
        assertThat(coordinator.hasAnswers()).isFalse();
      }
      Files.createDirectory(incoming);

      TaskResult result = coordinator.awaitAnswer().getResult();
      assertThat(result.getArtifactsList()).hasSize(2);
      checkFiles(coordinator, result.getArtifacts(0), result.getArtifacts(1));
      assertThat(incoming).isEmptyDirectory();
      assertThat(node.ended()).isNotDone();
    }
  }

  @Test
  void tasks_thatMakeNoSense_areAnsweredWithWhatIsWrong() throws Exception {
    try (TestCoordinator coordinator = coordinator();
        Node node = Node.start(config(coordinator.port()))) {
      coordinator.awaitSession();

      coordinator.give(train("t1", 0));
      assertFailure(coordinator.awaitAnswer(), "expected at least one epoch");
      coordinator.give(
          train("t2", 1).toBuilder()
              .setNetwork(NETWORK.replace("[1, 28, 28]", "[3, 8, 8]"))
              .build());
      assertFailure(coordinator.awaitAnswer(), "[3, 8, 8]");
      coordinator.give(train("t3", 1).toBuilder().setNetwork("levels: 5").build());
      assertFailure(coordinator.awaitAnswer(), "expected a list");
      Artifact unknown =
          Artifact.newBuilder().setDigest("0".repeat(64)).setSize(9).setKindValue(1).build();
      coordinator.give(task("t4").setEvaluate(EvaluateTask.newBuilder().setModel(unknown)).build());
      assertFailure(coordinator.awaitAnswer(), "there is no artifact");
      assertThat(node.ended()).isNotDone();
    }
  }

  @Test
  void start_folderOrPortInUse_saysSo() throws Exception {
    try (TestCoordinator coordinator = coordinator();
        Node node = Node.start(config(coordinator.port(), 0))) {
      assertThatThrownBy(() -> Node.start(config(coordinator.port())))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("another node is running in it");
      int taken = node.metricsPort().orElseThrow();
      assertThatThrownBy(() -> Node.start(config("other", coordinator.port(), Optional.of(taken))))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("port " + taken);
      assertThat(temporary.resolve("other")).doesNotExist();
    }
  }

  private static void assertFailure(ReportTaskRequest answer, String message) {
    assertThat(answer.getFailure().getMessage()).contains(message);
    assertThat(answer.getFailure().getRetryable()).isFalse();
  }

  private static void checkFiles(TestCoordinator coordinator, Artifact weights, Artifact scores) {
    Path weightsFile = coordinator.folder().find(new Digest(weights.getDigest())).orElseThrow();
    Path scoresFile = coordinator.folder().find(new Digest(scores.getDigest())).orElseThrow();
    try (NDManager scope = Compute.newManager();
        Weights read = Weights.read(weightsFile, SPEC, scope)) {
      assertThat(read.all()).hasSize(4);
    }
    assertThat(Scores.read(scoresFile, SPEC).groups()).hasSize(2);
  }

  private static void awaitEmpty(Path folder) throws InterruptedException {
    while (!folder.toFile().isDirectory() || folder.toFile().list().length > 0) {
      Thread.sleep(10);
    }
  }

  private static String metrics(Node node) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + node.metricsPort().orElseThrow() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  private static Task.Builder task(String id) {
    return Task.newBuilder().setTaskId(id).setRunId("run-1").setNetwork(NETWORK);
  }

  private static Task train(String id, int epochs) {
    return task(id)
        .setTrain(
            TrainTask.newBuilder()
                .setSeed(1)
                .setTraining(training(epochs))
                .setScoring(
                    Scoring.newBuilder().setMethod("conductance").setExamples(20).setSteps(4)))
        .build();
  }

  private static Training training(int epochs) {
    return Training.newBuilder()
        .setOptimizer(Optimizer.OPTIMIZER_SGD)
        .setLearningRate(0.05)
        .setMomentum(0.9)
        .setBatchSize(32)
        .setEpochs(epochs)
        .build();
  }

  private static long sum(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  private TestCoordinator coordinator() throws IOException {
    return new TestCoordinator(temporary.resolve("coordinator"), 0);
  }

  private TestCoordinator later(int port) throws IOException, InterruptedException {
    Thread.sleep(1500);
    return new TestCoordinator(temporary.resolve("coordinator"), port);
  }

  private NodeConfig config(int port) {
    return config("node", port, Optional.empty());
  }

  private NodeConfig config(int port, int metrics) {
    return config("node", port, Optional.of(metrics));
  }

  private NodeConfig config(List<Integer> ports, long minimumFree) {
    return config("node", ports, Optional.empty(), minimumFree);
  }

  private NodeConfig config(String folder, int port, Optional<Integer> metrics) {
    return config(folder, List.of(port), metrics, 0);
  }

  private NodeConfig config(
      String folder, List<Integer> ports, Optional<Integer> metrics, long minimumFree) {
    return new NodeConfig(
        ports.stream().map(port -> new Endpoint("127.0.0.1", port)).toList(),
        "site-a",
        temporary.resolve(folder),
        new DataConfig("glyphs?train=400", 0.1, Optional.empty()),
        Optional.empty(),
        64 << 20,
        1,
        DeviceSetting.AUTO,
        Optional.empty(),
        false,
        metrics.map(at -> new Endpoint("127.0.0.1", at)),
        Channels.KEEPALIVE,
        minimumFree,
        Guards.DEFAULTS);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}

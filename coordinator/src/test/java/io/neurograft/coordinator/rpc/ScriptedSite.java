package io.neurograft.coordinator.rpc;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.data.DataUri;
import io.neurograft.neural.data.Split;
import io.neurograft.neural.exchange.AnswerFile;
import io.neurograft.neural.exchange.Question;
import io.neurograft.neural.exchange.QuestionFile;
import io.neurograft.neural.exchange.SiteMoments;
import io.neurograft.neural.masking.MaskingKeys;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.Packing;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.transfer.ArtifactClient;
import io.neurograft.proto.transfer.TransferMeter;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.AttendResponse;
import io.neurograft.proto.v1.Evaluation;
import io.neurograft.proto.v1.MomentsTask;
import io.neurograft.proto.v1.ReportTaskRequest;
import io.neurograft.proto.v1.SessionServiceGrpc;
import io.neurograft.proto.v1.SiteProfile;
import io.neurograft.proto.v1.Task;
import io.neurograft.proto.v1.TaskFailure;
import io.neurograft.proto.v1.TaskProgress;
import io.neurograft.proto.v1.TaskResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/**
 * A site that speaks the real contract and does its tasks by script: its members are fresh weights,
 * its fine-tuning is a small step. It uploads and downloads for real, and answers questions from
 * digits of its own.
 */
public final class ScriptedSite implements AutoCloseable {
  /** What a site does with a task. */
  public enum Act {
    /** Does it and reports the result. */
    DO,
    /** Says nothing at all. */
    IGNORE,
    /** Reports a failure that a retry can mend. */
    FAIL,
    /** Reports a failure for good. */
    GIVE_UP,
    /** Sends weights that hold NaN. */
    SEND_NAN,
    /** Sends weights a hundred times as large as they are. */
    SEND_LARGE,
    /** Sends weights of another network. */
    SEND_FOREIGN,
    /** Answers a question with a number too few. */
    SEND_SHORT
  }

  /** Training examples of each class that every scripted site holds. */
  public static final List<Long> CLASS_COUNTS = Collections.nCopies(10, 6L);

  private final String name;
  private final ManagedChannel channel;
  private final ArtifactFolder folder;
  private final BiFunction<Task, Integer, Act> script;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final List<Task> received = new CopyOnWriteArrayList<>();
  private final List<String> over = new CopyOnWriteArrayList<>();
  private final List<String> refusals = new CopyOnWriteArrayList<>();
  private volatile Optional<Throwable> ended = Optional.empty();
  private volatile String adopted = "";
  private final MaskingKeys keys;

  /**
   * A site that is not yet attached.
   *
   * @param script says what to do with a task that comes for the n-th time, from 1 on
   */
  public ScriptedSite(String name, int port, Path folder, BiFunction<Task, Integer, Act> script)
      throws IOException {
    this(
        name,
        Channels.client(new Endpoint("127.0.0.1", port), Optional.empty()).build(),
        folder,
        script);
  }

  /** The same, over a connection of its own, which is closed with it. */
  public ScriptedSite(
      String name, ManagedChannel channel, Path folder, BiFunction<Task, Integer, Act> script)
      throws IOException {
    this.name = name;
    this.channel = channel;
    this.folder = ArtifactFolder.open(folder.resolve(name));
    this.script = script;
    this.keys = keys(folder.resolve(name + ".key"));
  }

  /** The same keys whenever the site comes back. */
  private static MaskingKeys keys(Path file) throws IOException {
    if (!Files.exists(file)) {
      Files.write(file, MaskingKeys.generate(new SecureRandom()).privateKey());
    }
    return MaskingKeys.of(Files.readAllBytes(file));
  }

  /** A site that does all its tasks, attached. */
  public static ScriptedSite diligent(String name, int port, Path folder) throws IOException {
    return new ScriptedSite(name, port, folder, (task, time) -> Act.DO).attach();
  }

  /**
   * Attaches.
   *
   * @param runs for which the site keeps something
   */
  public ScriptedSite attach(String... runs) {
    AttendRequest request = request(name).toBuilder().addAllRuns(List.of(runs)).build();
    SessionServiceGrpc.newStub(channel).attend(request, new Events());
    return this;
  }

  /** Attaches, and says that it holds other examples than it does. */
  public ScriptedSite attachHolding(List<Long> classCounts) {
    AttendRequest.Builder request = request(name).toBuilder();
    request.getProfileBuilder().clearClassCounts().addAllClassCounts(classCounts);
    SessionServiceGrpc.newStub(channel).attend(request.build(), new Events());
    return this;
  }

  static AttendRequest request(String name) {
    return AttendRequest.newBuilder()
        .setSite(name)
        .setProfile(
            SiteProfile.newBuilder()
                .addAllInputShape(List.of(1L, 28L, 28L))
                .addAllClassCounts(CLASS_COUNTS)
                .setHeldBackExamples(20)
                .setSoftwareVersion("scripted"))
        .build();
  }

  /** The tasks that came, in their order, repetitions included. */
  public List<Task> received() {
    return received;
  }

  /** The runs of which the coordinator said that they are over. */
  public List<String> over() {
    return over;
  }

  /** What the coordinator said to reports that it refused. */
  public List<String> refusals() {
    return refusals;
  }

  /** How the session ended, if it did. */
  public Optional<Throwable> ended() {
    return ended;
  }

  /** The digest of the published model, once it lies in this site's folder. */
  public String adopted() {
    return adopted;
  }

  ManagedChannel channel() {
    return channel;
  }

  ArtifactFolder folder() {
    return folder;
  }

  @Override
  public void close() {
    thread.shutdownNow();
    channel.shutdownNow();
  }

  private final class Events implements StreamObserver<AttendResponse> {
    @Override
    public void onNext(AttendResponse event) {
      if (event.hasRunOver()) {
        over.add(event.getRunOver().getRunId());
      }
      if (event.hasTask()) {
        received.add(event.getTask());
        thread.execute(() -> act(event.getTask()));
      }
    }

    @Override
    public void onError(Throwable t) {
      ended = Optional.of(t);
    }

    @Override
    public void onCompleted() {}
  }

  private void act(Task task) {
    int time = (int) received.stream().filter(t -> t.getTaskId().equals(task.getTaskId())).count();
    try {
      Act act = script.apply(task, time);
      switch (act) {
        case IGNORE -> {}
        case FAIL, GIVE_UP ->
            report(
                ReportTaskRequest.newBuilder()
                    .setTaskId(task.getTaskId())
                    .setFailure(
                        TaskFailure.newBuilder()
                            .setMessage("the disk is full")
                            .setRetryable(act == Act.FAIL)));
        default ->
            report(
                ReportTaskRequest.newBuilder()
                    .setTaskId(task.getTaskId())
                    .setResult(result(task, act)));
      }
    } catch (io.grpc.StatusRuntimeException e) {
      refusals.add(String.valueOf(e.getStatus().getDescription()));
    } catch (IOException e) {
      refusals.add(e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void report(ReportTaskRequest.Builder request) {
    var unused =
        SessionServiceGrpc.newBlockingStub(channel).reportTask(request.setSite(name).build());
  }

  /** Reports that a task goes on, and asks whether it is wanted. */
  public boolean isWanted(String taskId) {
    return SessionServiceGrpc.newBlockingStub(channel)
        .reportTask(
            ReportTaskRequest.newBuilder()
                .setSite(name)
                .setTaskId(taskId)
                .setProgress(TaskProgress.newBuilder().setPhase("at work").setFraction(0.5))
                .build())
        .getWanted();
  }

  private TaskResult.Builder result(Task task, Act act) throws IOException, InterruptedException {
    TaskResult.Builder result = TaskResult.newBuilder().setSeconds(0.5);
    NetworkSpec spec = NetworkSpec.parse(task.getNetwork(), "task");
    switch (task.getWorkCase()) {
      case TRAIN -> {
        Path scores = folder.newFile();
        Scores.uniform(spec).write(scores);
        result
            .addArtifacts(member(spec, task.getTrain().getSeed(), act))
            .addArtifacts(upload(scores, ArtifactKind.ARTIFACT_KIND_SCORES))
            .setTrainingExamples(60)
            .setAfter(figures(8));
        if (task.getTrain().getMasking()) {
          Path key = folder.newFile();
          Files.write(key, keys.publicKey().bytes());
          result.addArtifacts(upload(key, ArtifactKind.ARTIFACT_KIND_PUBLIC_KEY));
        }
      }
      case MOMENTS -> result.addArtifacts(answer(spec, task.getMoments(), act));
      case FINE_TUNE -> {
        Path model = pull(task.getFineTune().getModel());
        result
            .addArtifacts(step(spec, model, act))
            .setTrainingExamples(60)
            .setBefore(figures(10))
            .setAfter(figures(12));
      }
      case EVALUATE -> {
        Path unused = pull(task.getEvaluate().getModel());
        result.setBefore(figures(11));
      }
      default -> {
        Path model = pull(task.getAdopt().getModel());
        adopted = Digest.of(model).hex();
      }
    }
    return result;
  }

  /** Opens the fusion anew for every question, as a site does that was started again. */
  private Artifact answer(NetworkSpec spec, MomentsTask task, Act act)
      throws IOException, InterruptedException {
    int train = (int) CLASS_COUNTS.stream().mapToLong(n -> n).sum();
    String digits = "glyphs?train=%d&test=10&seed=%d".formatted(train, name.hashCode() & 0xffff);
    Path file = folder.newFile();
    try (NDManager scope = Compute.newManager()) {
      List<Network> members = new ArrayList<>();
      for (Artifact member : task.getMembersList()) {
        members.add(new Network(spec, Weights.read(pull(member), spec, scope)));
      }
      MomentShapes shapes = new MomentShapes(spec, members.size());
      Artifact last = task.getQuestions(task.getQuestionsCount() - 1);
      try (QuestionFile asked = QuestionFile.open(pull(last), shapes)) {
        Question question = asked.question();
        SiteMoments moments =
            new SiteMoments(
                spec,
                members,
                question.plan(),
                Optional.empty(),
                DataUri.open(digits, Split.TRAIN),
                1 << 20,
                scope);
        for (Artifact earlier : task.getQuestionsList()) {
          try (QuestionFile before = QuestionFile.open(pull(earlier), shapes)) {
            moments.fit(before);
          }
        }
        AnswerFile.Encoding encoding =
            question
                .masking()
                .map(masking -> masking.encoding(name, keys, "the same at all scripted sites"))
                .orElse(AnswerFile.plain(question.plan().precision()));
        if (act == Act.SEND_SHORT) {
          AnswerFile.write(
              file, 1, encoding, Optional.empty(), sink -> sink.put(new double[1], 0, 1));
        } else {
          AnswerFile.write(
              file,
              question.numbers(shapes),
              encoding,
              Optional.empty(),
              sink -> moments.answer(question, sink));
        }
      }
    }
    return upload(file, ArtifactKind.ARTIFACT_KIND_MOMENTS);
  }

  private Artifact member(NetworkSpec spec, long seed, Act act)
      throws IOException, InterruptedException {
    NetworkSpec own =
        act == Act.SEND_FOREIGN ? spec.withUnits(List.of(spec.units(0) + 1, 10)) : spec;
    Path file = folder.newFile();
    try (NDManager scope = Compute.newManager();
        Weights weights = Weights.initialise(own, seed, scope)) {
      if (act == Act.SEND_NAN) {
        NDArray bias = weights.get("levels.0.1.bias");
        bias.set(new float[(int) bias.size()]);
        bias.addi(Float.NaN);
      }
      if (act == Act.SEND_LARGE) {
        weights.all().values().forEach(array -> array.muli(100));
      }
      weights.write(file, Map.of());
    }
    return upload(file, ArtifactKind.ARTIFACT_KIND_WEIGHTS);
  }

  private Artifact step(NetworkSpec spec, Path model, Act act)
      throws IOException, InterruptedException {
    Path file = folder.newFile();
    try (NDManager scope = Compute.newManager();
        Weights weights = Weights.read(model, spec, scope)) {
      float factor = act == Act.SEND_LARGE ? 100 : 1.01f;
      weights.all().values().forEach(array -> array.muli(factor));
      weights.write(file, Map.of("site", name));
    }
    return upload(file, ArtifactKind.ARTIFACT_KIND_WEIGHTS);
  }

  private static Evaluation figures(long correct) {
    return Evaluation.newBuilder().setExamples(20).setCorrect(correct).setLoss(1.5).build();
  }

  private Artifact upload(Path file, ArtifactKind kind) throws IOException, InterruptedException {
    Digest digest = folder.add(file);
    Artifact artifact =
        Artifact.newBuilder()
            .setDigest(digest.hex())
            .setSize(folder.size(digest))
            .setKind(kind)
            .build();
    client().upload(artifact, Packing.NONE);
    return artifact;
  }

  private Path pull(Artifact model) throws IOException, InterruptedException {
    client().download(model, Packing.NONE);
    return folder.find(new Digest(model.getDigest())).orElseThrow();
  }

  private ArtifactClient client() {
    return new ArtifactClient(channel, folder, Duration.ofSeconds(20), TransferMeter.NONE);
  }
}

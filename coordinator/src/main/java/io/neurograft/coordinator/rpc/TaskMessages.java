package io.neurograft.coordinator.rpc;

import com.google.protobuf.Timestamp;
import io.neurograft.coordinator.conduct.TaskOrder;
import io.neurograft.coordinator.conduct.Work;
import io.neurograft.coordinator.run.Scoring;
import io.neurograft.coordinator.run.TransferSettings;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.training.TrainingSettings;
import io.neurograft.proto.v1.AdoptTask;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.Compression;
import io.neurograft.proto.v1.EvaluateTask;
import io.neurograft.proto.v1.FineTuneTask;
import io.neurograft.proto.v1.MomentsTask;
import io.neurograft.proto.v1.Optimizer;
import io.neurograft.proto.v1.Task;
import io.neurograft.proto.v1.TrainTask;
import io.neurograft.proto.v1.Training;
import io.neurograft.proto.v1.Transfer;
import io.neurograft.proto.v1.WeightEncoding;
import java.time.Instant;
import java.util.Arrays;

/** Words tasks for the wire. */
final class TaskMessages {
  private TaskMessages() {}

  static Task message(TaskOrder order) {
    Task.Builder task =
        Task.newBuilder()
            .setTaskId(order.taskId())
            .setRunId(order.runId())
            .setNetwork(order.network())
            .setDeadline(time(order.deadline()))
            .setTransfer(transfer(order.transfer()));
    Work work = order.work();
    if (work instanceof Work.Train train) {
      task.setTrain(
          TrainTask.newBuilder()
              .setTraining(training(train.training()))
              .setSeed(train.seed())
              .setScoring(scoring(train.scoring()))
              .setMasking(train.masking()));
    } else if (work instanceof Work.FineTune tune) {
      task.setFineTune(
          FineTuneTask.newBuilder()
              .setModel(artifact(tune.model()))
              .setTraining(training(tune.training()))
              .setSeed(tune.seed())
              .setMethod(tune.method())
              .setRound(tune.round()));
    } else if (work instanceof Work.Moments moments) {
      task.setMoments(
          MomentsTask.newBuilder()
              .addAllMembers(moments.members().stream().map(TaskMessages::artifact).toList())
              .addAllQuestions(moments.questions().stream().map(TaskMessages::artifact).toList())
              .setMethod(moments.method())
              .setExchange(moments.exchange()));
    } else if (work instanceof Work.Evaluate evaluate) {
      task.setEvaluate(EvaluateTask.newBuilder().setModel(artifact(evaluate.model())));
    } else if (work instanceof Work.Adopt adopt) {
      task.setAdopt(AdoptTask.newBuilder().setModel(artifact(adopt.model())));
    }
    return task.build();
  }

  private static Transfer transfer(TransferSettings settings) {
    return Transfer.newBuilder()
        .setWeights(
            switch (settings.weights()) {
              case NONE -> WeightEncoding.WEIGHT_ENCODING_UNSPECIFIED;
              case FLOAT16 -> WeightEncoding.WEIGHT_ENCODING_FLOAT16;
              case INT8 -> WeightEncoding.WEIGHT_ENCODING_INT8;
            })
        .setCompression(
            switch (settings.packing()) {
              case NONE -> Compression.COMPRESSION_UNSPECIFIED;
              case ZSTD -> Compression.COMPRESSION_ZSTD;
            })
        .build();
  }

  static Artifact artifact(StoredArtifact artifact) {
    return Artifact.newBuilder()
        .setDigest(artifact.digest())
        .setSize(artifact.size())
        .setKind(kind(artifact.kind()))
        .build();
  }

  static ArtifactKind kind(StoredArtifact.Kind kind) {
    return switch (kind) {
      case WEIGHTS -> ArtifactKind.ARTIFACT_KIND_WEIGHTS;
      case SCORES -> ArtifactKind.ARTIFACT_KIND_SCORES;
      case QUESTION -> ArtifactKind.ARTIFACT_KIND_QUESTION;
      case MOMENTS -> ArtifactKind.ARTIFACT_KIND_MOMENTS;
      case PUBLIC_KEY -> ArtifactKind.ARTIFACT_KIND_PUBLIC_KEY;
    };
  }

  /**
   * What an artifact holds.
   *
   * @throws IllegalArgumentException if that is not said
   */
  static StoredArtifact.Kind kind(ArtifactKind kind) {
    return Arrays.stream(StoredArtifact.Kind.values())
        .filter(known -> kind(known) == kind)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("expected an artifact of a known kind"));
  }

  static Timestamp time(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  private static Training training(TrainingSettings settings) {
    return Training.newBuilder()
        .setOptimizer(
            switch (settings.optimizer()) {
              case SGD -> Optimizer.OPTIMIZER_SGD;
              case ADAM -> Optimizer.OPTIMIZER_ADAM;
            })
        .setLearningRate(settings.learningRate())
        .setMomentum(settings.momentum())
        .setWeightDecay(settings.weightDecay())
        .setBatchSize(settings.batchSize())
        .setEpochs(settings.epochs())
        .build();
  }

  private static io.neurograft.proto.v1.Scoring scoring(Scoring scoring) {
    return io.neurograft.proto.v1.Scoring.newBuilder()
        .setMethod(ConfigNode.word(scoring.method()))
        .setExamples(scoring.examples())
        .setSteps(scoring.steps())
        .build();
  }
}

package io.neurograft.client.rpc;

import io.neurograft.client.task.Figures;
import io.neurograft.client.task.SiteTask;
import io.neurograft.client.task.TaskOutcome;
import io.neurograft.client.task.TransferSettings;
import io.neurograft.client.task.Work;
import io.neurograft.client.transfer.ArtifactMessages;
import io.neurograft.neural.attribution.ScoreMethod;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.network.WeightEncoding;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.TrainingSettings;
import io.neurograft.proto.artifact.Packing;
import io.neurograft.proto.v1.Evaluation;
import io.neurograft.proto.v1.FineTuneTask;
import io.neurograft.proto.v1.MomentsTask;
import io.neurograft.proto.v1.Task;
import io.neurograft.proto.v1.TaskResult;
import io.neurograft.proto.v1.TrainTask;
import io.neurograft.proto.v1.Training;
import io.neurograft.proto.v1.Transfer;

/** Tasks and their results on the wire. */
final class TaskMessages {
  private TaskMessages() {}

  /**
   * The task in a message.
   *
   * @throws IllegalArgumentException if the message has faults
   */
  static SiteTask parse(Task message) {
    return new SiteTask(
        message.getTaskId(),
        message.getRunId(),
        message.getNetwork(),
        work(message),
        transfer(message.getTransfer()));
  }

  /** What is not known here is left out: artifacts then travel as they are. */
  private static TransferSettings transfer(Transfer message) {
    return new TransferSettings(
        switch (message.getWeights()) {
          case WEIGHT_ENCODING_FLOAT16 -> WeightEncoding.FLOAT16;
          case WEIGHT_ENCODING_INT8 -> WeightEncoding.INT8;
          case WEIGHT_ENCODING_UNSPECIFIED, UNRECOGNIZED -> WeightEncoding.NONE;
        },
        switch (message.getCompression()) {
          case COMPRESSION_ZSTD -> Packing.ZSTD;
          case COMPRESSION_UNSPECIFIED, UNRECOGNIZED -> Packing.NONE;
        });
  }

  /** The message for what came of a task. */
  static TaskResult message(TaskOutcome outcome) {
    TaskResult.Builder result =
        TaskResult.newBuilder()
            .setTrainingExamples(outcome.trainingExamples())
            .setSeconds(outcome.seconds());
    outcome
        .artifacts()
        .forEach(artifact -> result.addArtifacts(ArtifactMessages.message(artifact)));
    outcome.before().ifPresent(figures -> result.setBefore(message(figures)));
    outcome.after().ifPresent(figures -> result.setAfter(message(figures)));
    return result.build();
  }

  private static Work work(Task message) {
    return switch (message.getWorkCase()) {
      case TRAIN -> train(message.getTrain());
      case FINE_TUNE -> fineTune(message.getFineTune());
      case EVALUATE -> new Work.Evaluate(ArtifactMessages.parse(message.getEvaluate().getModel()));
      case MOMENTS -> moments(message.getMoments());
      case ADOPT -> new Work.Adopt(ArtifactMessages.parse(message.getAdopt().getModel()));
      case WORK_NOT_SET ->
          throw new IllegalArgumentException(
              "a kind of task that this version does not know; update the node");
    };
  }

  private static Work train(TrainTask task) {
    return new Work.Train(
        training(task.getTraining()),
        task.getSeed(),
        method(task.getScoring().getMethod()),
        task.getScoring().getExamples(),
        task.getScoring().getSteps(),
        task.getMasking());
  }

  private static Work moments(MomentsTask task) {
    return new Work.Moments(
        task.getMembersList().stream().map(ArtifactMessages::parse).toList(),
        task.getQuestionsList().stream().map(ArtifactMessages::parse).toList(),
        task.getMethod(),
        task.getExchange());
  }

  private static Work fineTune(FineTuneTask task) {
    return new Work.FineTune(
        ArtifactMessages.parse(task.getModel()),
        training(task.getTraining()),
        task.getSeed(),
        task.getMethod(),
        task.getRound());
  }

  private static TrainingSettings training(Training training) {
    Optimizer optimizer =
        switch (training.getOptimizer()) {
          case OPTIMIZER_SGD -> Optimizer.SGD;
          case OPTIMIZER_ADAM -> Optimizer.ADAM;
          case OPTIMIZER_UNSPECIFIED, UNRECOGNIZED ->
              throw new IllegalArgumentException("an optimizer that this version does not know");
        };
    return new TrainingSettings(
        optimizer,
        training.getLearningRate(),
        training.getMomentum(),
        training.getWeightDecay(),
        training.getBatchSize(),
        training.getEpochs());
  }

  private static ScoreMethod method(String word) {
    for (ScoreMethod method : ScoreMethod.values()) {
      if (ConfigNode.word(method).equals(word)) {
        return method;
      }
    }
    throw new IllegalArgumentException(
        "expected scores by one of "
            + ConfigNode.words(ScoreMethod.class)
            + ", found \""
            + word
            + "\"");
  }

  private static Evaluation message(Figures figures) {
    return Evaluation.newBuilder()
        .setExamples(figures.examples())
        .setCorrect(figures.correct())
        .setLoss(figures.loss())
        .build();
  }
}

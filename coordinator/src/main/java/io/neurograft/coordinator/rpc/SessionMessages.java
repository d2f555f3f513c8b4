package io.neurograft.coordinator.rpc;

import io.neurograft.coordinator.conduct.SiteProgram;
import io.neurograft.coordinator.run.Score;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.text.OneLine;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.CheckRequest;
import io.neurograft.proto.v1.Evaluation;
import io.neurograft.proto.v1.ReportTaskRequest;
import io.neurograft.proto.v1.SiteProfile;
import io.neurograft.proto.v1.TaskFailure;
import io.neurograft.proto.v1.TaskProgress;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads what sites say, and checks it. */
final class SessionMessages {
  private static final int MOST_DIMENSIONS = 8;

  /** Each is a number in a text that is stored at every attachment and told with every site. */
  private static final int MOST_CLASSES = 1 << 15;

  private static final long MOST_EXAMPLES = 1L << 40;
  private static final int MOST_RUNS = 1000;
  private static final int LONGEST_RUN = 128;
  private static final int LONGEST_PROGRAM = 64;
  private static final int LONGEST_PHASE = 120;
  private static final int LONGEST_FAILURE = 1000;

  private static final Set<ArtifactKind> MADE_BY_SITES =
      EnumSet.of(
          ArtifactKind.ARTIFACT_KIND_WEIGHTS,
          ArtifactKind.ARTIFACT_KIND_SCORES,
          ArtifactKind.ARTIFACT_KIND_MOMENTS,
          ArtifactKind.ARTIFACT_KIND_PUBLIC_KEY);

  private SessionMessages() {}

  /** The site that attaches. */
  static StoredSite site(AttendRequest request, Instant now) {
    Checks checks = new Checks("attend");
    SiteProfile profile = request.getProfile();
    String name = checks.site(request.getSite());
    List<Long> shape = profile.getInputShapeList();
    checks.require(
        !shape.isEmpty() && shape.size() <= MOST_DIMENSIONS && within(shape, 1),
        "profile.input_shape",
        "expected 1 to 8 dimensions of at least 1, found " + OneLine.of(shape.toString(), 80));
    List<Long> counts = profile.getClassCountsList();
    checks.require(
        !counts.isEmpty() && counts.size() <= MOST_CLASSES && within(counts, 0),
        "profile.class_counts",
        "expected a number of examples, 0 or more, for each of 1 to "
            + MOST_CLASSES
            + " classes, found "
            + counts.size());
    long heldBack = profile.getHeldBackExamples();
    checks.require(
        heldBack >= 0 && heldBack <= MOST_EXAMPLES,
        "profile.held_back_examples",
        "expected 0 or more, found " + heldBack);
    checks.require(
        request.getRunsCount() <= MOST_RUNS
            && request.getRunsList().stream().allMatch(run -> run.length() <= LONGEST_RUN),
        "runs",
        "expected at most " + MOST_RUNS + " runs");
    checks.require(
        request.getProgram().length() <= LONGEST_PROGRAM,
        "program",
        "expected at most " + LONGEST_PROGRAM + " characters");
    checks.done();
    String version = OneLine.of(profile.getSoftwareVersion(), 60);
    return new StoredSite(name, shape, counts, heldBack, version, now);
  }

  /** The program that attaches. */
  static SiteProgram program(AttendRequest request) {
    return new SiteProgram(request.getProgram(), request.getAttempt());
  }

  /**
   * The site that asks whether it is let in.
   *
   * @throws InvalidInputException if that is no name
   */
  static String site(CheckRequest request) {
    Checks checks = new Checks("check");
    String name = checks.site(request.getSite());
    checks.done();
    return name;
  }

  /** What a site says of one of its tasks. */
  sealed interface Report {
    /**
     * It is under way.
     *
     * @param fraction how far, from 0 to 1
     */
    record Progress(double fraction, String phase) implements Report {}

    /** It is done. */
    record Done(TaskResult result) implements Report {}

    /** It could not be done. */
    record Failed(String message, boolean retryable) implements Report {}
  }

  /**
   * A site's report.
   *
   * @throws InvalidInputException if it has faults
   */
  static Report report(ReportTaskRequest request) {
    Checks checks = new Checks("report");
    checks.site(request.getSite());
    checks.id("task_id", request.getTaskId());
    switch (request.getReportCase()) {
      case PROGRESS -> {
        double fraction = request.getProgress().getFraction();
        checks.require(
            fraction >= 0 && fraction <= 1,
            "progress.fraction",
            "expected a number from 0 to 1, found " + fraction);
      }
      case FAILURE ->
          checks.require(
              !request.getFailure().getMessage().isBlank(),
              "failure.message",
              "expected what went wrong");
      case RESULT -> {}
      case REPORT_NOT_SET ->
          checks.require(false, "report", "expected progress, a result or a failure");
    }
    checks.done();
    return switch (request.getReportCase()) {
      case PROGRESS -> progress(request.getProgress());
      case RESULT -> new Report.Done(result(request.getResult()));
      case FAILURE, REPORT_NOT_SET -> failure(request.getFailure());
    };
  }

  private static Report progress(TaskProgress progress) {
    return new Report.Progress(
        progress.getFraction(), OneLine.of(progress.getPhase(), LONGEST_PHASE));
  }

  private static Report failure(TaskFailure failure) {
    return new Report.Failed(
        OneLine.of(failure.getMessage(), LONGEST_FAILURE), failure.getRetryable());
  }

  private static TaskResult result(io.neurograft.proto.v1.TaskResult message) {
    Checks checks = new Checks("result");
    TaskResult result =
        new TaskResult(
            artifact(checks, message, ArtifactKind.ARTIFACT_KIND_WEIGHTS),
            artifact(checks, message, ArtifactKind.ARTIFACT_KIND_SCORES),
            artifact(checks, message, ArtifactKind.ARTIFACT_KIND_MOMENTS),
            artifact(checks, message, ArtifactKind.ARTIFACT_KIND_PUBLIC_KEY),
            message.getTrainingExamples(),
            score(checks, "before", message.getBefore()),
            score(checks, "after", message.getAfter()),
            message.getSeconds(),
            Optional.empty());
    for (Artifact artifact : message.getArtifactsList()) {
      checks.require(
          MADE_BY_SITES.contains(artifact.getKind()),
          "artifacts",
          "expected weights, scores, moments or a public key, found " + artifact.getKindValue());
    }
    checks.done();
    return result;
  }

  private static Optional<String> artifact(
      Checks checks, io.neurograft.proto.v1.TaskResult message, ArtifactKind kind) {
    List<String> digests =
        message.getArtifactsList().stream()
            .filter(artifact -> artifact.getKind() == kind)
            .map(Artifact::getDigest)
            .toList();
    checks.require(digests.size() <= 1, "artifacts", "expected one of each kind");
    for (String digest : digests) {
      try {
        return Optional.of(new Digest(digest).hex());
      } catch (IllegalArgumentException e) {
        checks.require(false, "artifacts", String.valueOf(e.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Score> score(Checks checks, String field, Evaluation message) {
    checks.require(message.getExamples() >= 0, field + ".examples", "expected 0 or more");
    return message.getExamples() <= 0
        ? Optional.empty()
        : Optional.of(new Score(message.getExamples(), message.getCorrect(), message.getLoss()));
  }

  private static boolean within(List<Long> numbers, long least) {
    return numbers.stream().allMatch(number -> number >= least && number <= MOST_EXAMPLES);
  }
}

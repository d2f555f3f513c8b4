package io.neurograft.client.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.proto.artifact.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What came of a task, as the document that a site keeps. */
final class OutcomeJson {
  private OutcomeJson() {}

  /** What is kept of a task that was done. */
  static ObjectNode of(SiteTask task, TaskOutcome outcome) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("task", task.id()).put("run", task.run()).put("kind", task.work().kind());
    for (ArtifactRef artifact : outcome.artifacts()) {
      json.withArray("artifacts")
          .addObject()
          .put("digest", artifact.digest().hex())
          .put("size", artifact.size())
          .put("kind", artifact.kind().name());
    }
    task.work().given().forEach(from -> json.withArray("given").add(from.digest().hex()));
    json.put("trainingExamples", outcome.trainingExamples());
    outcome.before().ifPresent(figures -> put(json.putObject("before"), figures));
    outcome.after().ifPresent(figures -> put(json.putObject("after"), figures));
    return json.put("seconds", outcome.seconds());
  }

  private static void put(ObjectNode json, Figures figures) {
    json.put("examples", figures.examples())
        .put("correct", figures.correct())
        .put("loss", figures.loss());
  }

  /**
   * What came of the task.
   *
   * @throws RuntimeException if the document is not what {@link #of} makes
   */
  static TaskOutcome parse(JsonNode json) {
    List<ArtifactRef> artifacts = new ArrayList<>();
    for (JsonNode artifact : json.path("artifacts")) {
      artifacts.add(
          new ArtifactRef(
              new Digest(artifact.required("digest").asText()),
              artifact.required("size").asLong(),
              ArtifactRef.Kind.valueOf(artifact.required("kind").asText())));
    }
    return new TaskOutcome(
        artifacts,
        json.required("trainingExamples").asLong(),
        figures(json.path("before")),
        figures(json.path("after")),
        json.required("seconds").asDouble());
  }

  private static Optional<Figures> figures(JsonNode json) {
    if (json.isMissingNode()) {
      return Optional.empty();
    }
    return Optional.of(
        new Figures(
            json.required("examples").asLong(),
            json.required("correct").asLong(),
            json.required("loss").asDouble()));
  }

  /** The run that the task belonged to. */
  static String run(JsonNode json) {
    return json.path("run").asText();
  }

  /** The artifacts that the task made, and those it was given. */
  static List<Digest> digests(JsonNode json) {
    List<Digest> digests = new ArrayList<>();
    for (JsonNode given : json.path("given")) {
      digests.add(new Digest(given.asText()));
    }
    for (JsonNode artifact : json.path("artifacts")) {
      digests.add(new Digest(artifact.path("digest").asText()));
    }
    return digests;
  }
}

package io.neurograft.client.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.neurograft.client.transfer.ArtifactRef;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came of this site's tasks, one small JSON file each. It is on disk before it is reported, so
 * that a task that comes again, after a crash or a lost answer, is answered without doing it again.
 */
public final class TaskStore {
  private static final Logger LOG = LoggerFactory.getLogger(TaskStore.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  private TaskStore(Path folder) {
    this.folder = folder;
  }

  /** Opens a folder, creating it where it is missing. */
  public static TaskStore open(Path folder) throws IOException {
    return new TaskStore(Files.createDirectories(folder));
  }

  /** What came of a task, if it was done; a file that cannot be read counts as not done. */
  Optional<TaskOutcome> find(SiteTask task) {
    Path file = file(task);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(outcome(JSON.readTree(file.toFile())));
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot read the result in {} ({}); the task is done again", file, e.getMessage());
      return Optional.empty();
    }
  }

  /** Remembers what came of a task. */
  void save(SiteTask task, TaskOutcome outcome) throws IOException {
    DurableFiles.write(file(task), json(task, outcome).toPrettyString());
  }

  /**
   * Forgets a run that is over: its results, and the artifacts that only its tasks named. Published
   * models are no artifacts; they stay.
   */
  void forget(String run, ArtifactFolder artifacts) throws IOException {
    Set<Digest> named = new HashSet<>();
    Set<Digest> stillNamed = new HashSet<>();
    List<Path> results = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
      for (Path file : files) {
        JsonNode json = JSON.readTree(file.toFile());
        boolean over = json.path("run").asText().equals(run);
        (over ? named : stillNamed).addAll(digests(json));
        if (over) {
          results.add(file);
        }
      }
    }
    for (Path file : results) {
      Files.delete(file);
    }
    named.removeAll(stillNamed);
    for (Digest digest : named) {
      artifacts.delete(digest);
    }
  }

  private static List<Digest> digests(JsonNode json) {
    List<Digest> digests = new ArrayList<>();
    if (json.has("given")) {
      digests.add(new Digest(json.path("given").asText()));
    }
    for (JsonNode artifact : json.path("artifacts")) {
      digests.add(new Digest(artifact.path("digest").asText()));
    }
    return digests;
  }

  private Path file(SiteTask task) {
    // The task's name comes from outside, so it becomes no path; its digest does.
    String key = task.run() + "/" + task.id();
    return folder.resolve(Digest.of(key.getBytes(StandardCharsets.UTF_8)).hex() + ".json");
  }

  private static ObjectNode json(SiteTask task, TaskOutcome outcome) {
    ObjectNode json = JSON.createObjectNode();
    json.put("task", task.id()).put("run", task.run()).put("kind", task.work().kind());
    for (ArtifactRef artifact : outcome.artifacts()) {
      json.withArray("artifacts")
          .addObject()
          .put("digest", artifact.digest().hex())
          .put("size", artifact.size())
          .put("kind", artifact.kind().name());
    }
    task.work().given().ifPresent(model -> json.put("given", model.digest().hex()));
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

  private static TaskOutcome outcome(JsonNode json) {
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
}

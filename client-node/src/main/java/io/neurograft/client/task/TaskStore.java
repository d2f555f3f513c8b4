package io.neurograft.client.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
      return Optional.of(OutcomeJson.parse(JSON.readTree(file.toFile())));
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot read the result in {} ({}); the task is done again", file, e.getMessage());
      return Optional.empty();
    }
  }

  /** Remembers what came of a task. */
  void save(SiteTask task, TaskOutcome outcome) throws IOException {
    DurableFiles.write(file(task), OutcomeJson.of(task, outcome).toPrettyString());
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
        boolean over = OutcomeJson.run(json).equals(run);
        (over ? named : stillNamed).addAll(OutcomeJson.digests(json));
        if (over) {
          results.add(file);
        }
      }
    }
    named.removeAll(stillNamed);
    for (Digest digest : named) {
      artifacts.delete(digest);
    }
    // Last: after a crash in between it is still known what there was.
    for (Path file : results) {
      Files.delete(file);
    }
  }

  private Path file(SiteTask task) {
    // The task's name comes from outside, so it becomes no path; its digest does.
    String key = task.run() + "/" + task.id();
    return folder.resolve(Digest.of(key.getBytes(StandardCharsets.UTF_8)).hex() + ".json");
  }
}

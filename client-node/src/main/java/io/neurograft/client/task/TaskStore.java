package io.neurograft.client.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
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
 * Beside them the name of each run that has begun here, so that the site can ask whether it is
 * over.
 */
public final class TaskStore {
  private static final Logger LOG = LoggerFactory.getLogger(TaskStore.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  private TaskStore(Path folder) {
    this.folder = folder;
  }

  /** Opens a folder, creating it where it is missing, and deletes what a crash left unfinished. */
  public static TaskStore open(Path folder) throws IOException {
    DurableFiles.clear(Files.createDirectories(folder));
    return new TaskStore(folder);
  }

  /** Remembers that something is kept for a run from now on. */
  void begin(String run) throws IOException {
    Path file = file(run, ".run");
    if (!Files.exists(file)) {
      DurableFiles.write(file, run);
    }
  }

  /** The runs for which something is kept, in no order. */
  List<String> runs() {
    List<String> runs = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.run")) {
      for (Path file : files) {
        runs.add(Files.readString(file));
      }
    } catch (IOException | DirectoryIteratorException e) {
      LOG.warn("cannot read which runs have begun: {}", e.getMessage());
    }
    return runs;
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
   * Forgets a run that is over: its results, and all artifacts that no result of another run names,
   * those of tasks that never came to a result as well. Published models are no artifacts; they
   * stay.
   *
   * @param needed artifacts that stay in any case
   */
  void forget(String run, ArtifactFolder artifacts, Set<Digest> needed) throws IOException {
    Set<Digest> named = new HashSet<>(needed);
    List<Path> results = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
      for (Path file : files) {
        JsonNode json = JSON.readTree(file.toFile());
        boolean over = OutcomeJson.run(json).equals(run);
        if (over) {
          results.add(file);
        } else {
          named.addAll(OutcomeJson.digests(json));
        }
      }
    }
    artifacts.retain(named);
    // Last: after a crash in between it is still known what there was.
    for (Path file : results) {
      Files.delete(file);
    }
    Files.deleteIfExists(file(run, ".run"));
  }

  private Path file(SiteTask task) {
    // The task's name comes from outside, so it becomes no path; its digest does.
    return file(task.run() + "/" + task.id(), ".json");
  }

  private Path file(String key, String end) {
    return folder.resolve(Digest.of(key.getBytes(StandardCharsets.UTF_8)).hex() + end);
  }
}

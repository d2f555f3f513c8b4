package io.neurograft.coordinator.fuse;

import io.neurograft.coordinator.conduct.Versions;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.NamedMethod;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.Score;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.coordinator.store.StoredModel;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.Subject;
import io.neurograft.fusion.Provenance;
import io.neurograft.neural.config.IoWords;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What jobs share: where models come from, and where they and their scores are put. */
final class Workshop {
  private final Database database;
  private final ArtifactFolder artifacts;
  private final InstantSource clock;
  private final RunData data;
  private final CoordinatorMetrics metrics;

  Workshop(
      Database database,
      ArtifactFolder artifacts,
      InstantSource clock,
      RunData data,
      CoordinatorMetrics metrics) {
    this.database = database;
    this.artifacts = artifacts;
    this.clock = clock;
    this.data = data;
    this.metrics = metrics;
  }

  RunData data() {
    return data;
  }

  CoordinatorMetrics metrics() {
    return metrics;
  }

  /** Whether a run has not ended. */
  boolean wanted(String runId) {
    Optional<StoredRun> run = database.read(tables -> tables.runs().find(runId));
    return run.isPresent() && !run.get().state().ended();
  }

  /** The finished tasks of one kind and round, by site. */
  List<StoredTask> done(String runId, TaskKind kind, int round) {
    List<StoredTask> tasks = database.read(tables -> tables.tasks().of(runId, kind, round));
    return tasks.stream().filter(task -> task.state() == TaskState.DONE).toList();
  }

  /** How many training examples of each class a site has told that it holds. */
  List<Long> classCounts(String site) {
    return database.read(t -> t.sites().find(site)).orElseThrow().classCounts();
  }

  Optional<StoredModel> model(String runId, ModelKey key) {
    return database.read(tables -> tables.models().find(runId, key));
  }

  Map<Subject, Score> evaluations(String runId) {
    return database.read(tables -> tables.models().evaluations(runId));
  }

  void evaluated(String runId, Subject subject, Score score) {
    database.write(
        tables -> {
          tables.models().evaluated(runId, subject, score);
          return score;
        });
  }

  /** What a model of a run's method says of where it comes from: from these tasks' weights. */
  static Provenance provenance(
      String runId, RunSpec spec, NamedMethod method, List<StoredTask> tasks) {
    Provenance provenance =
        new Provenance(spec.network(), method.method(), spec.seed(), Versions.software())
            .with("run", runId)
            .with("scores", spec.scoring().text());
    for (StoredTask task : tasks) {
      var result = task.result().orElseThrow();
      provenance.member(
          task.key().site(), result.weights().orElseThrow(), result.trainingExamples());
    }
    return provenance;
  }

  /** The file of an artifact that is known to be here. */
  Path file(String digest) {
    return artifacts
        .find(new Digest(digest))
        .orElseThrow(() -> new IllegalStateException("artifact " + digest + " is missing"));
  }

  private static StorageException cannotStore(ModelKey key, String why, Exception cause) {
    return new StorageException(
        "the model of " + key.method() + " cannot be stored: " + why, cause);
  }

  /**
   * Keeps a model whose file the caller writes: first the bytes, then the record of it.
   *
   * @throws StorageException if the disk does not take it
   * @param before seconds that making it has taken before it is written
   */
  void keep(String runId, ModelKey key, Consumer<Path> write, double before, String report) {
    try {
      long start = System.nanoTime();
      Path file = artifacts.newFile();
      write.accept(file);
      double seconds = before + (System.nanoTime() - start) / 1e9;
      String digest = artifacts.add(file).hex();
      long size = artifacts.size(new Digest(digest));
      database.write(
          tables -> {
            tables
                .artifacts()
                .save(
                    new StoredArtifact(digest, size, StoredArtifact.Kind.WEIGHTS), clock.instant());
            tables.models().save(runId, new StoredModel(key, digest, seconds, report));
            return digest;
          });
    } catch (IOException e) {
      throw cannotStore(key, IoWords.of(e), e);
    } catch (UncheckedIOException e) {
      throw cannotStore(key, IoWords.of(e), e);
    }
  }
}

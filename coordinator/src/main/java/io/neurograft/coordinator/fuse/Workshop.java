package io.neurograft.coordinator.fuse;

import io.neurograft.coordinator.artifact.ArtifactStore;
import io.neurograft.coordinator.artifact.BorrowedFiles;
import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.conduct.Versions;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.NamedMethod;
import io.neurograft.coordinator.run.RunSpec;
import io.neurograft.coordinator.run.Score;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.coordinator.store.CollectionTable.Claim;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.Lease;
import io.neurograft.coordinator.store.Screened;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.coordinator.store.StoredModel;
import io.neurograft.coordinator.store.StoredTask;
import io.neurograft.coordinator.store.Subject;
import io.neurograft.coordinator.store.Tables;
import io.neurograft.fusion.Provenance;
import io.neurograft.neural.config.IoWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** What jobs share: where models come from, and where they and their scores are put. */
final class Workshop implements AutoCloseable {
  private final Database database;
  private final Lease lead;
  private final ArtifactStore artifacts;
  private final BorrowedFiles files;
  private final InstantSource clock;
  private final RunData data;
  private final CoordinatorMetrics metrics;
  private final Journal journal;
  private final Turn turn;
  private final Consumer<List<TaskKey>> ask;

  /**
   * @param lead what the job acts on; everything it stores is refused once it is lost
   * @param ask gives tasks of the run to its sites
   */
  Workshop(
      Database database,
      Lease lead,
      ArtifactStore artifacts,
      InstantSource clock,
      RunData data,
      CoordinatorMetrics metrics,
      Journal journal,
      Turn turn,
      Consumer<List<TaskKey>> ask) {
    this.database = database;
    this.lead = lead;
    this.artifacts = artifacts;
    this.files = artifacts.borrow();
    this.clock = clock;
    this.data = data;
    this.metrics = metrics;
    this.journal = journal;
    this.turn = turn;
    this.ask = ask;
  }

  RunData data() {
    return data;
  }

  CoordinatorMetrics metrics() {
    return metrics;
  }

  Journal journal() {
    return journal;
  }

  Turn turn() {
    return turn;
  }

  /** Gives tasks of a run to its sites; those that they have, or have done, stay as they are. */
  void ask(List<TaskKey> tasks) {
    ask.accept(tasks);
  }

  /** A task of a run, once it is there. */
  Optional<StoredTask> task(String runId, TaskKey key) {
    return database.read(
        tables -> tables.runs().find(runId).flatMap(run -> tables.tasks().find(run.taskId(key))));
  }

  /** The digest of a fusion's question. */
  Optional<String> question(String runId, String method, int number) {
    return database.read(tables -> tables.exchanges().find(runId, method, number));
  }

  /** The number behind that of a fusion's last question. */
  int nextQuestion(String runId, String method) {
    return database.read(tables -> tables.exchanges().next(runId, method));
  }

  /** Whether a task's deadline has passed. */
  boolean late(StoredTask task) {
    return !clock.instant().isBefore(task.view().deadline());
  }

  /**
   * Deletes what was answered to a question that is asked again in another way: it is gone when
   * this returns, since two sums with and without a site would tell that site's.
   */
  void forgetAnswers(String runId, String method, int number) {
    discard(tables -> tables.exchanges().forgetAnswers(runId, method, number));
  }

  /** Notes a fusion's question. */
  void asked(String runId, String method, int number, String digest) {
    database.write(
        lead,
        tables -> {
          tables.exchanges().save(runId, method, number, digest);
          return digest;
        });
  }

  /** Deletes what a fusion asked and was answered, once its model is kept. */
  void forgetExchanges(String runId, String method) {
    discard(tables -> tables.exchanges().forget(runId, method));
  }

  /** What is forgotten is claimed in the same transaction, so that nobody names it in between. */
  private void discard(Function<Tables, List<String>> forget) {
    List<Claim> claims =
        database.write(
            lead, tables -> tables.collection().claim(forget.apply(tables), tables.now()));
    artifacts.discard(claims);
  }

  /** Whether a run has neither ended nor been paused nor got another leader. */
  boolean wanted(String runId) {
    return database
        .read(tables -> tables.runs().find(runId))
        .filter(run -> run.working() && run.fence() == lead.fence())
        .isPresent();
  }

  /** The finished tasks of one kind and round, by site. */
  List<StoredTask> done(String runId, TaskKind kind, int round) {
    List<StoredTask> tasks = database.read(tables -> tables.tasks().of(runId, kind, round));
    return tasks.stream().filter(task -> task.state() == TaskState.DONE).toList();
  }

  /** All that the screening has said in a run. */
  List<Screened> screened(String runId) {
    return database.read(tables -> tables.screenings().of(runId));
  }

  /** Stores what the screening says, all at once. */
  void screened(String runId, List<Screened> verdicts) {
    database.write(
        lead,
        tables -> {
          tables.screenings().save(runId, verdicts);
          return verdicts;
        });
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
        lead,
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

  /**
   * The file of an artifact that is known to be stored; it stays until this is closed.
   *
   * @throws StorageException if it cannot be brought here now
   */
  Path file(String digest) {
    return files
        .find(digest)
        .orElseThrow(() -> new IllegalStateException("artifact " + digest + " is missing"));
  }

  /**
   * Makes an artifact of a file that the caller writes.
   *
   * @throws StorageException if the disk does not take it
   */
  StoredArtifact make(StoredArtifact.Kind kind, Consumer<Path> write) {
    try {
      Path file = artifacts.folder().newFile();
      try {
        write.accept(file);
        return artifacts.add(kind, file);
      } finally {
        Files.deleteIfExists(file); // has another name now, unless something failed
      }
    } catch (IOException e) {
      throw new StorageException("an artifact cannot be stored: " + IoWords.of(e), e);
    } catch (UncheckedIOException e) {
      throw new StorageException("an artifact cannot be stored: " + IoWords.of(e), e);
    }
  }

  /**
   * Keeps a model whose file the caller writes: first the bytes, then the record of it.
   *
   * @throws StorageException if the disk does not take it
   * @param before seconds that making it has taken before it is written
   * @param report asked for once it is written
   */
  void keep(
      String runId, ModelKey key, Consumer<Path> write, double before, Supplier<String> report) {
    try {
      long start = System.nanoTime();
      StoredArtifact model = make(StoredArtifact.Kind.WEIGHTS, write);
      double seconds = before + (System.nanoTime() - start) / 1e9;
      database.write(
          lead,
          tables -> {
            tables
                .models()
                .save(runId, new StoredModel(key, model.digest(), seconds, report.get()));
            return model;
          });
    } catch (StorageException e) {
      throw new StorageException("the model of " + key.method() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    files.close();
  }
}

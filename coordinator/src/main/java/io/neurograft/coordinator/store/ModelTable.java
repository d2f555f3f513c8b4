package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.Score;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The models of all runs, and what the coordinator measured. */
public final class ModelTable {
  private final Handle handle;

  ModelTable(Handle handle) {
    this.handle = handle;
  }

  /**
   * Stores a model; one that is there already stays as it is.
   *
   * @throws StorageException if its artifact was collected meanwhile
   */
  public void save(String runId, StoredModel model) {
    new ArtifactTable(handle).require(model.digest());
    handle
        .createUpdate(
            "INSERT INTO models (run_id, method, round, digest, seconds, report) VALUES (:run,"
                + " :method, :round, :digest, :seconds, :report)"
                + " ON CONFLICT (run_id, method, round) DO NOTHING")
        .bind("run", runId)
        .bind("method", model.key().method())
        .bind("round", model.key().round())
        .bind("digest", model.digest())
        .bind("seconds", model.seconds())
        .bind("report", model.report())
        .execute();
  }

  /** One model. */
  public Optional<StoredModel> find(String runId, ModelKey key) {
    return handle
        .createQuery(
            "SELECT * FROM models WHERE run_id = :run AND method = :method AND round = :round")
        .bind("run", runId)
        .bind("method", key.method())
        .bind("round", key.round())
        .map((row, context) -> model(row))
        .findOne();
  }

  /** Which models a run has. */
  public Set<ModelKey> keys(String runId) {
    return handle
        .createQuery("SELECT method, round FROM models WHERE run_id = :run")
        .bind("run", runId)
        .map((row, context) -> key(row))
        .set();
  }

  /** All models of a run, by method and round. */
  public List<StoredModel> of(String runId) {
    return handle
        .createQuery("SELECT * FROM models WHERE run_id = :run ORDER BY method, round")
        .bind("run", runId)
        .map((row, context) -> model(row))
        .list();
  }

  /** Stores what was measured; a measurement that is there already stays as it is. */
  public void evaluated(String runId, Subject subject, Score score) {
    handle
        .createUpdate(
            "INSERT INTO evaluations (run_id, subject, name, round, examples, correct, loss)"
                + " VALUES (:run, :subject, :name, :round, :examples, :correct, :loss)"
                + " ON CONFLICT (run_id, subject, name, round) DO NOTHING")
        .bind("run", runId)
        .bind("subject", subject.kind().name())
        .bind("name", subject.name())
        .bind("round", subject.round())
        .bind("examples", score.examples())
        .bind("correct", score.correct())
        .bind("loss", score.loss())
        .execute();
  }

  /** All that was measured for a run. */
  public Map<Subject, Score> evaluations(String runId) {
    return handle
        .createQuery("SELECT * FROM evaluations WHERE run_id = :run")
        .bind("run", runId)
        .map(
            (row, context) ->
                Map.entry(
                    new Subject(
                        Subject.Kind.valueOf(row.getString("subject")),
                        row.getString("name"),
                        row.getInt("round")),
                    new Score(
                        row.getLong("examples"), row.getLong("correct"), row.getDouble("loss"))))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static ModelKey key(ResultSet row) throws SQLException {
    return new ModelKey(row.getString("method"), row.getInt("round"));
  }

  private static StoredModel model(ResultSet row) throws SQLException {
    return new StoredModel(
        key(row), row.getString("digest"), row.getDouble("seconds"), row.getString("report"));
  }
}

package io.neurograft.coordinator.store;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/** The questions of federated fusions. */
public final class ExchangeTable {
  private final Handle handle;

  ExchangeTable(Handle handle) {
    this.handle = handle;
  }

  /**
   * Stores a question; one of that number that is there already stays as it is.
   *
   * @throws StorageException if its artifact was collected meanwhile
   */
  public void save(String runId, String method, int number, String question) {
    new ArtifactTable(handle).require(question);
    handle
        .createUpdate(
            "INSERT INTO exchanges (run_id, method, number, question)"
                + " VALUES (:run, :method, :number, :question)"
                + " ON CONFLICT (run_id, method, number) DO NOTHING")
        .bind("run", runId)
        .bind("method", method)
        .bind("number", number)
        .bind("question", question)
        .execute();
  }

  /**
   * Forgets a fusion's questions and what its tasks answered.
   *
   * @return the digests of all that
   */
  public List<String> forget(String runId, String method) {
    List<String> named =
        bound(
                handle.createQuery(
                    "SELECT question FROM exchanges WHERE run_id = :run AND method = :method"
                        + " UNION SELECT moments FROM tasks WHERE run_id = :run"
                        + " AND method = :method AND moments IS NOT NULL"),
                runId,
                method)
            .mapTo(String.class)
            .list();
    bound(
            handle.createUpdate("DELETE FROM exchanges WHERE run_id = :run AND method = :method"),
            runId,
            method)
        .execute();
    bound(
            handle.createUpdate(
                "UPDATE tasks SET moments = NULL WHERE run_id = :run AND method = :method"),
            runId,
            method)
        .execute();
    return named;
  }

  /**
   * Forgets what a question's tasks answered, and takes back those that are not done: when the
   * question is put again after a restart, it is given up as it was the first time.
   *
   * @return the digests of the answers
   */
  public List<String> forgetAnswers(String runId, String method, int number) {
    String where =
        " WHERE run_id = :run AND method = :method AND kind = 'MOMENTS' AND round = :number"
            + " AND moments IS NOT NULL";
    List<String> named =
        bound(handle.createQuery("SELECT moments FROM tasks" + where), runId, method)
            .bind("number", number)
            .mapTo(String.class)
            .list();
    bound(handle.createUpdate("UPDATE tasks SET moments = NULL" + where), runId, method)
        .bind("number", number)
        .execute();
    bound(
            handle.createUpdate(
                "UPDATE tasks SET state = 'DROPPED' WHERE run_id = :run AND method = :method"
                    + " AND kind = 'MOMENTS' AND round = :number AND state <> 'DONE'"),
            runId,
            method)
        .bind("number", number)
        .execute();
    return named;
  }

  /** The number behind that of the last question. */
  public int next(String runId, String method) {
    return bound(
            handle.createQuery(
                "SELECT COALESCE(MAX(number) + 1, 0) FROM exchanges"
                    + " WHERE run_id = :run AND method = :method"),
            runId,
            method)
        .mapTo(Integer.class)
        .one();
  }

  private static <T extends SqlStatement<T>> T bound(T statement, String runId, String method) {
    return statement.bind("run", runId).bind("method", method);
  }

  /** The digest of a question. */
  public Optional<String> find(String runId, String method, int number) {
    return handle
        .createQuery(
            "SELECT question FROM exchanges"
                + " WHERE run_id = :run AND method = :method AND number = :number")
        .bind("run", runId)
        .bind("method", method)
        .bind("number", number)
        .mapTo(String.class)
        .findOne();
  }

  /** The questions of a fusion up to a number, in their order. */
  public List<StoredArtifact> upTo(String runId, String method, int number) {
    return handle
        .createQuery(
            "SELECT a.digest, a.size, a.kind FROM exchanges e JOIN artifacts a"
                + " ON a.digest = e.question WHERE e.run_id = :run AND e.method = :method"
                + " AND e.number <= :number ORDER BY e.number")
        .bind("run", runId)
        .bind("method", method)
        .bind("number", number)
        .map((row, context) -> ArtifactTable.artifact(row))
        .list();
  }
}

package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.Score;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.run.TaskKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;

/** The tasks of all runs. */
public final class TaskTable {
  private final Handle handle;

  TaskTable(Handle handle) {
    this.handle = handle;
  }

  /** Stores a new task; one that is there already stays as it is. */
  public void create(StoredRun run, TaskKey key, Instant deadline, Instant leaseUntil) {
    handle
        .createUpdate(
            "INSERT INTO tasks (id, run_id, site, kind, method, round, state, attempts, retryable,"
                + " deadline, lease_until, phase, fraction, message) VALUES (:id, :run, :site,"
                + " :kind, :method, :round, 'OPEN', 1, 0, :deadline, :lease, 'waiting', 0, '')"
                + " ON CONFLICT (id) DO NOTHING")
        .bind("id", run.taskId(key))
        .bind("run", run.id())
        .bind("site", key.site())
        .bind("kind", key.kind().name())
        .bind("method", key.method())
        .bind("round", key.round())
        .bind("deadline", deadline.toEpochMilli())
        .bind("lease", leaseUntil.toEpochMilli())
        .execute();
  }

  /** One task. */
  public Optional<StoredTask> find(String id) {
    return select("WHERE id = :id").bind("id", id).map(TaskRows::task).findOne();
  }

  /** A run's tasks of one kind and round, by site and method. */
  public List<StoredTask> of(String runId, TaskKind kind, int round) {
    return select("WHERE run_id = :run AND kind = :kind AND round = :round ORDER BY site, method")
        .bind("run", runId)
        .bind("kind", kind.name())
        .bind("round", round)
        .map(TaskRows::task)
        .list();
  }

  /** The tasks that a run's members come from, by site: done, and not left out by the screening. */
  public List<StoredTask> members(String runId) {
    return select(
            "t WHERE run_id = :run AND kind = 'TRAIN' AND state = 'DONE' AND NOT EXISTS (SELECT 1"
                + " FROM screenings s WHERE s.run_id = t.run_id AND s.method = '' AND s.round = 0"
                + " AND s.site = t.site AND s.reason IS NOT NULL) ORDER BY site")
        .bind("run", runId)
        .map(TaskRows::task)
        .list();
  }

  /** What the planner needs to see of a run: two rounds, and all that is open or failed. */
  public List<StoredTask> since(String runId, int round) {
    return select(
            "WHERE run_id = :run AND (round >= :round OR state IN ('OPEN', 'FAILED'))"
                + " ORDER BY site, round, method")
        .bind("run", runId)
        .bind("round", round)
        .map(TaskRows::task)
        .list();
  }

  /** The open tasks of a site, in the order in which they were planned. */
  public List<StoredTask> open(String site) {
    return select("WHERE site = :site AND state = 'OPEN' ORDER BY run_id, round, id")
        .bind("site", site)
        .map(TaskRows::task)
        .list();
  }

  /**
   * Gives the tasks of a run that are not done until then, and has them sent again. Whatever they
   * had may have been told by a clock that was set since.
   */
  public void postpone(String runId, Instant deadline) {
    handle
        .createUpdate(
            "UPDATE tasks SET lease_until = 0, retry_at = 0, deadline = :deadline"
                + " WHERE run_id = :run AND state IN ('OPEN', 'FAILED')")
        .bind("run", runId)
        .bind("deadline", deadline.toEpochMilli())
        .execute();
  }

  /** The sites that have been silent about an open task for longer than its lease. */
  public List<String> sitesWithExpiredLeases(Instant now) {
    return handle
        .createQuery("SELECT DISTINCT site FROM tasks WHERE state = 'OPEN' AND lease_until <= :now")
        .bind("now", now.toEpochMilli())
        .mapTo(String.class)
        .list();
  }

  /** Extends the leases of all open tasks of a site: it has been heard from. */
  public void extendLeases(String site, Instant until) {
    handle
        .createUpdate("UPDATE tasks SET lease_until = :until WHERE site = :site AND state = 'OPEN'")
        .bind("site", site)
        .bind("until", until.toEpochMilli())
        .execute();
  }

  /** Notes how far an open task is. */
  public void progress(String id, String phase, double fraction) {
    handle
        .createUpdate(
            "UPDATE tasks SET phase = :phase, fraction = :fraction"
                + " WHERE id = :id AND state = 'OPEN'")
        .bind("id", id)
        .bind("phase", phase)
        .bind("fraction", fraction)
        .execute();
  }

  /** Takes a task back for good. */
  public void drop(String id, String reason) {
    handle
        .createUpdate("UPDATE tasks SET state = 'DROPPED', message = :message WHERE id = :id")
        .bind("id", id)
        .bind("message", reason)
        .execute();
  }

  /**
   * Notes that a task could not be done; it stays so unless it is given out again.
   *
   * @param retryAt when that may happen, at the earliest
   */
  public void fail(String id, boolean retryable, Instant retryAt, String message) {
    handle
        .createUpdate(
            "UPDATE tasks SET state = 'FAILED', retryable = :retryable, retry_at = :retryAt,"
                + " message = :message WHERE id = :id")
        .bind("id", id)
        .bind("retryable", retryable ? 1 : 0)
        .bind("retryAt", retryAt.toEpochMilli())
        .bind("message", message)
        .execute();
  }

  /** Gives a failed task out again. */
  public void retry(String id, String reason, Instant leaseUntil) {
    handle
        .createUpdate(
            "UPDATE tasks SET state = 'OPEN', attempts = attempts + 1, lease_until = :lease,"
                + " phase = :phase, fraction = 0, message = '' WHERE id = :id")
        .bind("id", id)
        .bind("lease", leaseUntil.toEpochMilli())
        .bind("phase", "tries again after: " + reason)
        .execute();
  }

  /**
   * Stores the result of a task, which is done with that.
   *
   * @throws StorageException if an artifact that it names was collected meanwhile
   */
  public void finish(String id, TaskResult result) {
    ArtifactTable artifacts = new ArtifactTable(handle);
    Stream.of(result.weights(), result.scores(), result.moments(), result.publicKey())
        .flatMap(Optional::stream)
        .forEach(artifacts::require);
    Update update =
        handle.createUpdate(
            "UPDATE tasks SET state = 'DONE', phase = 'done', fraction = 1, message = '',"
                + " weights = :weights, scores = :scores, moments = :moments, public_key = :key,"
                + " training_examples = :examples,"
                + " before_examples = :before_examples, before_correct = :before_correct,"
                + " before_loss = :before_loss, after_examples = :after_examples,"
                + " after_correct = :after_correct, after_loss = :after_loss, seconds = :seconds,"
                + " sent = :sent"
                + " WHERE id = :id");
    bind(update, "before", result.before());
    bind(update, "after", result.after());
    update
        .bind("id", id)
        .bind("weights", result.weights())
        .bind("scores", result.scores())
        .bind("moments", result.moments())
        .bind("key", result.publicKey())
        .bind("examples", result.trainingExamples())
        .bind("seconds", result.seconds())
        .bind("sent", result.sent().map(SentWeights::column))
        .execute();
  }

  private static void bind(Update update, String prefix, Optional<Score> score) {
    update
        .bind(prefix + "_examples", score.map(Score::examples))
        .bind(prefix + "_correct", score.map(Score::correct))
        .bind(prefix + "_loss", score.map(Score::loss));
  }

  private Query select(String where) {
    return handle.createQuery("SELECT * FROM tasks " + where);
  }
}

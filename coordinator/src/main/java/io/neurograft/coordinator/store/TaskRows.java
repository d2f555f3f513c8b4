package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.coordinator.run.TaskView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.statement.StatementContext;

/** Reads rows of tasks. */
final class TaskRows {
  private TaskRows() {}

  static StoredTask task(ResultSet row, StatementContext context) throws SQLException {
    TaskKey key =
        new TaskKey(
            row.getString("site"),
            TaskKind.valueOf(row.getString("kind")),
            row.getString("method"),
            row.getInt("round"));
    TaskState state = TaskState.valueOf(row.getString("state"));
    TaskView view =
        new TaskView(
            key,
            state,
            row.getInt("attempts"),
            row.getInt("retryable") != 0,
            Columns.time(row, "retry_at"),
            Columns.time(row, "deadline"),
            row.getString("message"));
    return new StoredTask(
        row.getString("id"),
        row.getString("run_id"),
        view,
        Columns.time(row, "lease_until"),
        row.getString("phase"),
        row.getDouble("fraction"),
        state == TaskState.DONE ? Optional.of(result(row)) : Optional.empty());
  }

  private static TaskResult result(ResultSet row) throws SQLException {
    return new TaskResult(
        Columns.text(row, "weights"),
        Columns.text(row, "scores"),
        Columns.text(row, "moments"),
        Columns.text(row, "public_key"),
        row.getLong("training_examples"),
        Columns.score(row, "before_"),
        Columns.score(row, "after_"),
        row.getDouble("seconds"),
        Columns.text(row, "sent").map(SentWeights::parse));
  }
}

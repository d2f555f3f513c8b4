package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.Score;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** How values stand in columns. */
final class Columns {
  private Columns() {}

  static String numbers(List<Long> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  static List<Long> numbers(String text) {
    return text.isEmpty() ? List.of() : Arrays.stream(text.split(",")).map(Long::valueOf).toList();
  }

  static Instant time(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  static Optional<Instant> someTime(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }

  static Optional<String> text(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  /** A score in three columns of one prefix. */
  static Optional<Double> decimal(ResultSet row, String column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? Optional.empty() : Optional.of(value);
  }

  static Optional<Score> score(ResultSet row, String prefix) throws SQLException {
    long examples = row.getLong(prefix + "examples");
    return row.wasNull() || examples == 0
        ? Optional.empty()
        : Optional.of(
            new Score(examples, row.getLong(prefix + "correct"), row.getDouble(prefix + "loss")));
  }
}

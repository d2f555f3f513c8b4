package io.neurograft.coordinator.store;

import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A disk, a database or a bucket that does not take or give what it should: it is full, read-only,
 * broken or away. The same request can succeed once that is mended, so whoever meets this waits and
 * tries again. Nothing was changed, unless the database was lost just when it took the change: then
 * it may have, so what is tried again must do no harm when it is done twice. Its message is one
 * line for a person.
 */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int FULL = 13;

  /** SQLite's codes for a file it cannot use: BUSY, READONLY, IOERR, CORRUPT, FULL, CANTOPEN. */
  private static final Set<Integer> DISK = Set.of(5, 8, 10, 11, FULL, 14);

  /**
   * PostgreSQL's classes and codes of what can pass: no connection, wrong credentials, a
   * transaction that was ended or rolled back, no such database, a read-only server, a conflict of
   * transactions, a lack of resources, a lock that is not to be had, an operator's doing, a broken
   * file.
   */
  private static final List<String> PASSING =
      List.of(
          "08", "28", "25P03", "25P04", "3D", "25006", "40", "53", "55P03", "57", "58", "XX001");

  private static final String PG_FULL = "53100";

  /** A failure without another behind it, said in one line. */
  public StorageException(String message) {
    super(message);
  }

  /** A failure of the disk, said in one line. */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The failure of a database operation, where the database is at fault. */
  static Optional<StorageException> of(RuntimeException failure) {
    Optional<SQLException> passing = Optional.empty();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && canPass(sql)) {
        passing = Optional.of(sql); // the innermost says most
      }
    }
    return passing.map(
        sql -> new StorageException("the database cannot be used: " + why(sql), failure));
  }

  private static boolean canPass(SQLException sql) {
    String state = sql.getSQLState();
    return DISK.contains(code(sql))
        || sql instanceof SQLTransientException
        || (state != null && PASSING.stream().anyMatch(state::startsWith));
  }

  private static String why(SQLException sql) {
    return code(sql) == FULL || PG_FULL.equals(sql.getSQLState())
        ? "the disk is full"
        : String.valueOf(sql.getMessage()).lines().findFirst().orElse("");
  }

  /** SQLite's code without its extension; PostgreSQL has none. */
  private static int code(SQLException sql) {
    return sql.getErrorCode() & 0xff;
  }
}

package io.neurograft.coordinator.store;

import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * A disk that does not take or give what it should: it is full, read-only or broken. The same
 * request can succeed once that is mended, so whoever meets this waits and tries again; nothing was
 * changed. Its message is one line for a person.
 */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int FULL = 13;

  /** SQLite's codes for a disk it cannot use: READONLY, IOERR, CORRUPT, FULL, CANTOPEN. */
  private static final Set<Integer> DISK = Set.of(8, 10, 11, FULL, 14);

  /** A failure of the disk, said in one line. */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The failure of a database operation, where the disk is at fault. */
  static Optional<StorageException> of(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && DISK.contains(sql.getErrorCode() & 0xff)) {
        String why =
            (sql.getErrorCode() & 0xff) == FULL
                ? "the disk is full"
                : String.valueOf(sql.getMessage()).lines().findFirst().orElse("");
        return Optional.of(new StorageException("the database cannot be used: " + why, failure));
      }
    }
    return Optional.empty();
  }
}

package io.neurograft.coordinator.audit;

import io.neurograft.coordinator.store.StorageException;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.config.IoWords;
import io.neurograft.proto.audit.AuditFiles;
import io.neurograft.proto.audit.AuditLog;
import io.neurograft.proto.audit.Deed;
import io.neurograft.proto.audit.Losses;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** A coordinator's audit log; for use by all its threads. */
public final class Journal implements AutoCloseable {
  private final AuditLog log;

  private Journal(AuditLog log) {
    this.log = log;
  }

  /**
   * Opens the log in a coordinator's folder.
   *
   * @throws InvalidInputException if its folder cannot be used
   */
  public static Journal open(Path folder, InstantSource clock, Losses losses) {
    try {
      return new Journal(
          AuditLog.open(AuditFiles.folder(folder), AuditLog.ROLLOVER, clock, losses));
    } catch (IOException e) {
      throw new InvalidInputException(
          "folder " + AuditFiles.folder(folder), "cannot be used: " + IoWords.of(e));
    }
  }

  /**
   * Writes down an act before it is done; to be called within its transaction, so that nothing
   * happens that is not written down. Where the transaction fails then, a line tells of an act that
   * did not happen.
   *
   * @throws StorageException if it cannot be written down: then it must not be done
   */
  public void act(Deed deed) {
    try {
      log.require(deed);
    } catch (IOException e) {
      throw new StorageException("the audit log cannot be written: " + IoWords.of(e), e);
    }
  }

  /** Writes down what has happened. */
  public void note(Deed deed) {
    log.note(deed);
  }

  @Override
  public void close() {
    log.close();
  }
}

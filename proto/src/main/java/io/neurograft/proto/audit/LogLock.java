package io.neurograft.proto.audit;

import io.neurograft.proto.identity.SecretFiles;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * The right to write to a log, held for the time of a few lines by one of several programs: whoever
 * invites on a coordinator's own machine writes beside it.
 */
final class LogLock implements AutoCloseable {
  private static final String NAME = "audit.lock";
  private static final long PAUSE_NANOS = 1_000_000;
  private static final int MOST_PAUSES = 10_000;

  private final RandomAccessFile file;

  private LogLock(RandomAccessFile file) {
    this.file = file;
  }

  /**
   * Waits for the right; an interrupt does not end that, since it would lose a line.
   *
   * @throws IOException if another program holds it for ten seconds, or the folder cannot be used
   */
  static LogLock take(Path folder) throws IOException {
    Path path = folder.resolve(NAME);
    if (!Files.exists(path)) {
      SecretFiles.folder(folder);
    }
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    for (int pause = 0; pause < MOST_PAUSES; pause++) {
      if (locked(file)) {
        return new LogLock(file);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    file.close();
    throw new IOException("another program holds " + path);
  }

  private static boolean locked(RandomAccessFile file) throws IOException {
    try {
      return file.getChannel().tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // this very program holds it, by another log
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

package io.neurograft.coordinator;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.config.IoWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to use a coordinator's folder, held by one coordinator at a time; the system frees it
 * in a crash.
 */
final class FolderLock implements AutoCloseable {
  private final FileChannel file;

  private FolderLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes a folder, creating it where it is missing.
   *
   * @throws InvalidInputException if another coordinator has it, or it cannot be used
   */
  static FolderLock take(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel file =
          FileChannel.open(
              folder.resolve("coordinator.lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (!locked(file)) {
        file.close();
        throw new InvalidInputException("folder " + folder, "another coordinator is running in it");
      }
      return new FolderLock(file);
    } catch (IOException e) {
      throw new InvalidInputException("folder " + folder, "cannot be used: " + IoWords.of(e));
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException("a folder's lock cannot be freed", e);
    }
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // a coordinator of this very process has it
    }
  }
}

package io.neurograft.client;

import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The right to use a node's folder, held by one node at a time; the system frees it in a crash. */
final class FolderLock implements AutoCloseable {
  private final FileChannel file;

  private FolderLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes a folder, creating it where it is missing.
   *
   * @throws InvalidInputException if another node has it
   */
  static FolderLock take(Path folder) throws IOException {
    Files.createDirectories(folder);
    FileChannel file =
        FileChannel.open(
            folder.resolve("node.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locked(file)) {
      file.close();
      throw new InvalidInputException("folder " + folder, "another node is running in it");
    }
    return new FolderLock(file);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private static boolean locked(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false; // a node of this very process has it
    }
  }
}

package io.neurograft.neural.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The right to use a program's folder, held by one process at a time; the system frees it in a
 * crash.
 */
public final class FolderLock implements AutoCloseable {
  private final FileChannel file;

  private FolderLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes a folder, creating it where it is missing.
   *
   * @param user what uses it, in one word, such as {@code node}; names the lock's file as well
   * @throws InvalidInputException if another has it, or it cannot be used
   */
  public static FolderLock take(Path folder, String user) {
    try {
      Files.createDirectories(folder);
      FileChannel file =
          FileChannel.open(
              folder.resolve(user + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!locked(file)) {
        file.close();
        throw new InvalidInputException(
            "folder " + folder, "another " + user + " is running in it");
      }
      return new FolderLock(file);
    } catch (IOException e) {
      throw new InvalidInputException("folder " + folder, "cannot be used: " + IoWords.of(e));
    }
  }

  /**
   * Whether a program has a folder now. Nothing is made there.
   *
   * @param user as in {@link #take}
   * @throws IOException if that cannot be seen
   */
  public static boolean taken(Path folder, String user) throws IOException {
    Path lock = folder.resolve(user + ".lock");
    if (!Files.exists(lock)) {
      return false;
    }
    try (FileChannel file = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      return !locked(file);
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
      return false; // this very process has it
    }
  }
}

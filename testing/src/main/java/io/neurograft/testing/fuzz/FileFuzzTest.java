package io.neurograft.testing.fuzz;

import io.neurograft.testing.Folders;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/**
 * A fuzz test of what reads files: they lie in a folder of their own, where no other file stays.
 */
public abstract class FileFuzzTest extends FuzzTest {
  /** Files in memory, where the system has that: what is fuzzed may force each of them to disk. */
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path folder;
  private final List<Path> written = new ArrayList<>();

  /** Makes the folder. */
  protected FileFuzzTest() {
    try {
      folder =
          Files.isWritable(MEMORY)
              ? Files.createTempDirectory(MEMORY, getClass().getSimpleName())
              : Files.createTempDirectory(getClass().getSimpleName());
      Runtime.getRuntime().addShutdownHook(new Thread(this::deleteQuietly)); // no JUnit, no end
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The folder of the files. */
  protected final Path folder() {
    return folder;
  }

  /** Writes a file for the input at hand. */
  protected final Path file(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    written.add(file);
    return Files.write(file, content);
  }

  /** Reads files that {@link #file} has written. */
  protected abstract void readFiles(byte[] input) throws Exception;

  @Override
  protected final void read(byte[] input) throws Exception {
    try {
      readFiles(input);
    } finally {
      for (Path file : written) {
        Files.delete(file);
      }
      written.clear();
      requireEmpty();
    }
  }

  private void requireEmpty() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder)) {
      for (Path file : left) {
        throw new AssertionError("left a file behind: " + file);
      }
    }
  }

  /** Deletes the folder. */
  @AfterEach
  public final void deleteFolder() throws IOException {
    Folders.delete(folder);
  }

  private void deleteQuietly() {
    try {
      if (Files.exists(folder)) {
        deleteFolder();
      }
    } catch (IOException e) {
      // The process ends; what is left is a temporary folder.
    }
  }
}

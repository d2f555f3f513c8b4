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
  private final Path folder;
  private final List<Path> written = new ArrayList<>();

  /** Makes the folder. */
  protected FileFuzzTest() {
    try {
      folder = Files.createTempDirectory(getClass().getSimpleName());
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
}

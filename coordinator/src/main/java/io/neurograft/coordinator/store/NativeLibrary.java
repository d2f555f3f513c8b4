package io.neurograft.coordinator.store;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.config.IoWords;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where SQLite's driver unpacks its library: in the coordinator's own folder, so that none is left
 * elsewhere by a crash.
 */
public final class NativeLibrary {
  private static final String PLACE = "org.sqlite.tmpdir";

  private NativeLibrary() {}

  /**
   * Has the library unpacked in a folder, unless another place was set, after deleting what a crash
   * has left there. The first folder counts for the whole program.
   *
   * @param folder belongs to this program alone
   * @throws InvalidInputException if the folder cannot be used
   */
  public static void unpackIn(Path folder) {
    try {
      Files.createDirectories(folder);
      clear(folder);
    } catch (IOException e) {
      throw new InvalidInputException("folder " + folder, "cannot be used: " + IoWords.of(e));
    }
    if (System.getProperty(PLACE) == null) {
      System.setProperty(PLACE, folder.toString());
    }
  }

  /** Deletes the library's file, which a program that has loaded it does not need. */
  public static void clear(Path folder) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "sqlite-*")) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }
}

package io.neurograft.simulator.command;

import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A folder for what a benchmark stores, removed when the program ends, on Ctrl-C as well. */
final class ScratchFolder {
  private ScratchFolder() {}

  /**
   * Makes a folder.
   *
   * @param parent where; null for the system's temporary folder
   * @param purpose a word for its name
   * @throws InvalidInputException if it cannot be made
   */
  static Path make(@Nullable Path parent, String purpose) {
    try {
      Path made =
          parent == null
              ? Files.createTempDirectory("neurograft-" + purpose + "-")
              : Files.createTempDirectory(parent, purpose + "-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(made), "removal"));
      return made;
    } catch (IOException e) {
      throw new InvalidInputException("--folder", "expected a folder to write to, found " + parent);
    }
  }

  private static void remove(Path made) {
    try (Stream<Path> files = Files.walk(made)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("neurograft: cannot remove " + made + ": " + e.getMessage());
    }
  }
}

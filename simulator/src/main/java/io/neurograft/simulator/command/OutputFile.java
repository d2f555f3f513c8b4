package io.neurograft.simulator.command;

import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Checks where results are to go, before there are any. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Checks that a file can be written and is none of a command's inputs.
   *
   * @throws InvalidInputException naming the file and what was expected
   */
  static void require(Path file, List<Path> inputs) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      throw new InvalidInputException(file.toString(), "expected a file, found a folder");
    }
    if (folder == null || !Files.isDirectory(folder)) {
      throw new InvalidInputException(file.toString(), "expected a file in a folder that exists");
    }
    if (inputs.stream().anyMatch(input -> same(input, file))) {
      throw new InvalidInputException(
          file.toString(), "is read by this command and must not be overwritten");
    }
  }

  private static boolean same(Path one, Path other) {
    try {
      return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    } catch (IOException e) {
      throw new UncheckedIOException(other + " cannot be read", e);
    }
  }
}

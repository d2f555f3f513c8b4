package io.neurograft.simulator.command;

import io.neurograft.neural.config.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Checks where results are to go, before there are any. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Checks that a file has a folder and is none of a command's inputs, nor another of its outputs.
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
          file.toString(), "is another file of this command and must not be overwritten");
    }
  }

  /** The file that a data URI reads; empty where it reads a folder or nothing. */
  static Optional<Path> read(String uri) {
    return uri.startsWith("csv:")
        ? Optional.of(Path.of(uri.substring(4).replaceFirst("\\?.*", "")))
        : Optional.empty();
  }

  /**
   * Writes a text: all of it or nothing.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  static void write(Path file, String text) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.writeString(part, text);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  private static boolean same(Path one, Path other) {
    try {
      return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())
          || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
    } catch (IOException e) {
      throw new UncheckedIOException(other + " cannot be read", e);
    }
  }
}

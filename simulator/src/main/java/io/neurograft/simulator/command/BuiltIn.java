package io.neurograft.simulator.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Documents that the program brings along. */
final class BuiltIn {
  private BuiltIn() {}

  /**
   * The text of a document.
   *
   * @param name its path in the jar, from {@code /}
   */
  static String text(String name) {
    try (InputStream stream = BuiltIn.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read from the jar", e);
    }
  }
}

package io.neurograft.proto.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What stands in a log behind its first break: anybody may have written it. */
public final class Remainder {
  private Remainder() {}

  /**
   * One line of it.
   *
   * @param text as it stands there, at most a mebibyte of it
   * @param line what it says; empty where that is no line of a log
   */
  public record Doubtful(String text, Optional<Line> line) {}

  /**
   * Reads what follows the lines that were held to be good.
   *
   * @param files of the log in their order
   * @param good how many lines there are before the break, in all files
   * @param reader takes each whole line that follows
   */
  public static void read(List<Path> files, long good, Consumer<Doubtful> reader)
      throws IOException {
    long number = 0;
    for (Path file : files) {
      try (LineReader in = new LineReader(file, 0)) {
        for (var bytes = in.next(); bytes.isPresent(); bytes = in.next()) {
          number++;
          if (number > good) {
            reader.accept(doubtful(bytes.get()));
          }
        }
      }
    }
  }

  private static Doubtful doubtful(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      return new Doubtful(text, Optional.of(Line.parse(bytes)));
    } catch (IllegalArgumentException e) {
      return new Doubtful(text, Optional.empty());
    }
  }
}

package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads comma-separated UTF-8 text record by record (RFC 4180: a cell in double quotes may hold
 * commas, line ends and doubled quotes). Blank lines and space around cells are left out.
 */
final class CsvReader implements AutoCloseable {
  private static final int BYTE_ORDER_MARK = 0xfeff;
  private static final Pattern CELL =
      Pattern.compile(
          "\\G[ \\t]*(?:\"(?<quoted>(?:[^\"]++|\"\")*+)\"[ \\t]*|(?<plain>[^\",]*+))(?<end>,|\\z)");

  private final Path file;
  private final BufferedReader in;
  private int linesRead;
  private int line;

  private CsvReader(Path file, BufferedReader in) {
    this.file = file;
    this.in = in;
  }

  static CsvReader open(Path file) {
    try {
      return new CsvReader(file, Files.newBufferedReader(file));
    } catch (IOException e) {
      throw ByteSource.unreadable(file, e);
    }
  }

  /** The line, counted from 1, on which the last record began. */
  int line() {
    return line;
  }

  /** The cells of the next record, or nothing at the end. */
  Optional<List<String>> next() {
    Optional<String> text = nextLine();
    while (text.isPresent() && text.get().isBlank()) {
      text = nextLine();
    }
    line = linesRead;
    return text.map(this::whole).map(this::cells);
  }

  /** A record goes on after the line's end as long as a quote is open. */
  private String whole(String first) {
    StringBuilder text = new StringBuilder(first);
    for (boolean open = oddQuotes(first); open; ) {
      String more = nextLine().orElseThrow(() -> fault("expected a closing quote"));
      text.append('\n').append(more);
      open = !oddQuotes(more);
    }
    return text.toString();
  }

  private static boolean oddQuotes(String text) {
    return text.chars().filter(c -> c == '"').count() % 2 == 1;
  }

  private List<String> cells(String text) {
    List<String> cells = new ArrayList<>();
    Matcher cell = CELL.matcher(text);
    for (boolean more = true; more; more = !cell.group("end").isEmpty()) {
      if (!cell.find()) {
        throw fault("expected quotes around the whole of cell " + (cells.size() + 1));
      }
      String quoted = cell.group("quoted");
      cells.add(quoted == null ? cell.group("plain").strip() : quoted.replace("\"\"", "\""));
    }
    return cells;
  }

  private Optional<String> nextLine() {
    try {
      String text = in.readLine();
      linesRead++;
      boolean marked = linesRead == 1 && text != null && text.indexOf(BYTE_ORDER_MARK) == 0;
      return Optional.ofNullable(marked ? text.substring(1) : text);
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(
          file.toString(), "expected UTF-8 text after line " + linesRead);
    } catch (IOException e) {
      throw ByteSource.unreadable(file, e);
    }
  }

  private InvalidInputException fault(String message) {
    return new InvalidInputException(file.toString(), "line " + line + ": " + message);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw ByteSource.unreadable(file, e);
    }
  }
}

package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A table with a header row, one column of labels (any text) and numbers in all others. Classes are
 * the labels sorted, as numbers where all are whole numbers. The seed decides which rows are for
 * testing.
 */
record CsvTable(Path file, String label, long seed) implements DataSource {
  private static final Pattern WHOLE = Pattern.compile("-?\\d{1,18}");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Row(float[] values, String label, Split split) {}

  @Override
  public Dataset open(Split split) {
    List<Row> rows;
    List<String> header;
    try (CsvReader in = CsvReader.open(file)) {
      header = in.next().orElseThrow(() -> fault("expected a header row"));
      requireDistinct(header);
      rows = rows(in, header, header.indexOf(label));
    }
    List<String> classNames = sorted(rows);
    Map<String, Integer> classes = new HashMap<>();
    classNames.forEach(name -> classes.put(name, classes.size()));
    List<Row> chosen = rows.stream().filter(row -> row.split() == split).toList();
    if (chosen.isEmpty()) {
      throw fault("of %d rows none falls into this split".formatted(rows.size()));
    }
    return new TableData(
        List.of(header.size() - 1),
        classNames,
        chosen.stream().map(Row::values).toArray(float[][]::new),
        chosen.stream().mapToInt(row -> classes.getOrDefault(row.label(), -1)).toArray());
  }

  private void requireDistinct(List<String> header) {
    Set<String> seen = new HashSet<>();
    for (String name : header) {
      if (!seen.add(name)) {
        throw fault("line 1: expected one column named %s, found two".formatted(name));
      }
    }
    if (!seen.contains(label)) {
      throw fault(
          "line 1: expected a column named %s, found %s"
              .formatted(label, String.join(", ", header)));
    }
    if (header.size() < 2) {
      throw fault("line 1: expected at least one column of numbers");
    }
  }

  private List<Row> rows(CsvReader in, List<String> header, int labelAt) {
    HashSplit splits = new HashSplit(seed);
    List<Row> rows = new ArrayList<>();
    for (Optional<List<String>> next = in.next(); next.isPresent(); next = in.next()) {
      List<String> cells = next.get();
      if (cells.size() != header.size()) {
        throw fault(
            "line %d: expected %d cells, found %d"
                .formatted(in.line(), header.size(), cells.size()));
      }
      String name = cells.get(labelAt);
      if (name.isEmpty()) {
        throw fault("line %d, column %s: expected a label".formatted(in.line(), label));
      }
      float[] values = values(in, header, cells, labelAt);
      rows.add(new Row(values, name, splits.of(String.join("\n", cells))));
    }
    return rows;
  }

  private float[] values(CsvReader in, List<String> header, List<String> cells, int labelAt) {
    float[] values = new float[header.size() - 1];
    int at = 0;
    for (int column = 0; column < header.size(); column++) {
      if (column != labelAt) {
        String cell = cells.get(column);
        // The pattern first: Java's own notion of a number includes NaN, 1f and 0x1p3.
        float value = NUMBER.matcher(cell).matches() ? Float.parseFloat(cell) : Float.NaN;
        if (!Float.isFinite(value)) {
          throw fault(
              "line %d, column %s: expected a number, found %s"
                  .formatted(in.line(), header.get(column), found(cell)));
        }
        values[at++] = value;
      }
    }
    return values;
  }

  /** What a cell holds is told nobody: messages go to logs, and a table may be of patients. */
  private static String found(String cell) {
    if (cell.isEmpty()) {
      return "nothing";
    }
    return NUMBER.matcher(cell).matches()
        ? "one out of range"
        : "text of " + cell.length() + " characters";
  }

  private static List<String> sorted(List<Row> rows) {
    Set<String> names = new TreeSet<>();
    rows.forEach(row -> names.add(row.label()));
    boolean numbers = names.stream().allMatch(name -> WHOLE.matcher(name).matches());
    return numbers
        ? names.stream().sorted(Comparator.comparingLong(Long::parseLong)).toList()
        : List.copyOf(names);
  }

  private InvalidInputException fault(String message) {
    return new InvalidInputException(file.toString(), message);
  }
}

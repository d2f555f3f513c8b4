package io.neurograft.neural.data;

import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The options of a data URI, {@code a=1&b=2}; faults are noted and thrown all at once. */
final class UriOptions {
  private final String source;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final TreeSet<String> asked = new TreeSet<>();
  private final List<Fault> faults = new ArrayList<>();

  private UriOptions(String source) {
    this.source = source;
  }

  static UriOptions parse(String source, String query) {
    UriOptions options = new UriOptions(source);
    for (String pair : query.split("&", -1)) {
      if (!pair.isEmpty()) {
        options.add(pair);
      }
    }
    return options;
  }

  private void add(String pair) {
    int equals = pair.indexOf('=');
    if (equals < 1) {
      fault(pair, "expected option=value");
      return;
    }
    String key = pair.substring(0, equals);
    try {
      // A plus sign is itself here: column names have them, and nobody writes a form.
      String value = pair.substring(equals + 1).replace("+", "%2B");
      if (values.put(key, URLDecoder.decode(value, StandardCharsets.UTF_8)) != null) {
        fault(key, "is given twice");
      }
    } catch (IllegalArgumentException e) {
      fault(key, "expected two hexadecimal digits after each %, found " + pair);
    }
  }

  void fault(String place, String message) {
    faults.add(new Fault(place, message));
  }

  Optional<String> text(String key) {
    asked.add(key);
    return Optional.ofNullable(values.get(key));
  }

  /** A whole number within bounds (both included). */
  long integer(String key, long min, long max, long byDefault) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return byDefault;
    }
    try {
      long value = Long.parseLong(text.get());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // The fault below says what was expected.
    }
    fault(key, "expected a whole number from " + min + " to " + max + ", found " + text.get());
    return byDefault;
  }

  void throwFaults() {
    for (String key : values.keySet()) {
      if (!asked.contains(key)) {
        String known = asked.isEmpty() ? "none" : String.join(", ", asked);
        fault(key, "unknown option (known options: " + known + ")");
      }
    }
    if (!faults.isEmpty()) {
      throw new InvalidInputException(source, faults);
    }
  }
}

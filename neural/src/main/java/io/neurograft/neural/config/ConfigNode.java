package io.neurograft.neural.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A place in a YAML document. Its methods take what they are asked for or note a fault and return a
 * harmless value within the bounds asked for, so that one reading finds every fault. Keys that
 * nobody asked for are faults as well.
 */
public final class ConfigNode {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");

  private static final Pattern BYTES = Pattern.compile("(\\d{1,6})\\s*(KiB|MiB|GiB|TiB|B|)");

  private final JsonNode value;
  private final String place;
  private final List<Fault> faults;
  private final Set<String> asked = new HashSet<>();
  private final List<ConfigNode> children = new ArrayList<>();

  ConfigNode(JsonNode value, String place, List<Fault> faults) {
    this.value = value;
    this.place = place;
    this.faults = faults;
  }

  /** The path of this place in the document. */
  public String place() {
    return place;
  }

  /** The document's own tree below this place. */
  public JsonNode value() {
    return value;
  }

  /** Notes a fault at this place. */
  public void fault(String message) {
    faults.add(new Fault(place, message));
  }

  /** Notes a fault at a key of this place. */
  public void fault(String key, String message) {
    faults.add(new Fault(path(key), message));
  }

  /** Whether the key is there and not null. */
  public boolean has(String key) {
    asked.add(key);
    return value.isObject() && value.hasNonNull(key);
  }

  /** The keys of this mapping, in the document's order; a fault where it is no mapping. */
  public List<String> keys() {
    if (!value.isObject()) {
      fault("expected a mapping, found " + describe(value));
      return List.of();
    }
    return value.properties().stream().map(Map.Entry::getKey).toList();
  }

  /** The mapping under a key, if it is there. */
  public Optional<ConfigNode> section(String key) {
    if (!has(key)) {
      return Optional.empty();
    }
    return Optional.of(child(value.get(key), path(key)));
  }

  /** The mapping under a key; where it is missing, an empty one whose required keys are faults. */
  public ConfigNode requiredSection(String key) {
    return section(key)
        .orElseGet(
            () ->
                child(
                    com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode(),
                    path(key)));
  }

  /** The items of the list under a key; empty where the key is missing. */
  public List<ConfigNode> items(String key) {
    return section(key).map(ConfigNode::items).orElse(List.of());
  }

  /** The items of this list; a fault where it is no list. */
  public List<ConfigNode> items() {
    if (!value.isArray()) {
      fault("expected a list, found " + describe(value));
      return List.of();
    }
    List<ConfigNode> items = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      items.add(child(value.get(i), place + "[" + i + "]"));
    }
    return items;
  }

  /** A text that must be there. */
  public String text(String key) {
    return required(key, node -> node.text(), "");
  }

  /** A text, or the default where the key is missing. */
  public String text(String key, String byDefault) {
    return has(key) ? text(key) : byDefault;
  }

  /** This place as a text. */
  public String text() {
    if (value.isTextual() && !value.textValue().isBlank()) {
      return value.textValue().strip();
    }
    fault("expected a text, found " + describe(value));
    return "";
  }

  /** A path that must be there; relative paths are resolved against the given folder. */
  public Path path(String key, Path folder) {
    String text = text(key);
    try {
      return folder.resolve(text);
    } catch (InvalidPathException e) {
      fault(key, "expected a path, found " + text);
      return folder;
    }
  }

  /** A whole number that must be there, within bounds (both included). */
  public long integer(String key, long min, long max) {
    return required(key, node -> node.integer(min, max), min);
  }

  /** A whole number within bounds, or the default where the key is missing. */
  public long integerOr(String key, long min, long max, long byDefault) {
    return has(key) ? integer(key, min, max) : byDefault;
  }

  /** This place as a whole number within bounds (both included). */
  public long integer(long min, long max) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      long number = value.longValue();
      if (number >= min && number <= max) {
        return number;
      }
    }
    fault(
        "expected a whole number "
            + range((double) min, (double) max)
            + ", found "
            + describe(value));
    return min;
  }

  /** A number that must be there, within bounds (both included). */
  public double decimal(String key, double min, double max) {
    return required(key, node -> node.decimal(min, max), min);
  }

  /** A number within bounds, or the default where the key is missing. */
  public double decimalOr(String key, double min, double max, double byDefault) {
    return has(key) ? decimal(key, min, max) : byDefault;
  }

  /** This place as a number within bounds (both included). */
  public double decimal(double min, double max) {
    if (value.isNumber()) {
      double number = value.doubleValue();
      if (Double.isFinite(number) && number >= min && number <= max) {
        return number;
      }
    }
    fault("expected a number " + range(min, max) + ", found " + describe(value));
    return min;
  }

  /** True or false, or the default where the key is missing. */
  public boolean flag(String key, boolean byDefault) {
    if (!has(key)) {
      return byDefault;
    }
    JsonNode node = value.get(key);
    if (!node.isBoolean()) {
      fault(key, "expected true or false, found " + describe(node));
    }
    return node.asBoolean(byDefault);
  }

  /** A span of time such as {@code 90s}, {@code 5m} or {@code 2h}, or the default. */
  public Duration duration(String key, Duration byDefault) {
    if (!has(key)) {
      return byDefault;
    }
    JsonNode node = value.get(key);
    Matcher matcher = DURATION.matcher(node.asText());
    if (!matcher.matches()) {
      fault(key, "expected a span of time such as 90s, 5m or 2h, found " + describe(node));
      return byDefault;
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  /** A number of bytes such as {@code 512MiB} or {@code 1GiB}, or the default. */
  public long bytes(String key, long byDefault) {
    if (!has(key)) {
      return byDefault;
    }
    JsonNode node = value.get(key);
    Matcher matcher = BYTES.matcher(node.asText());
    if (!matcher.matches()) {
      fault(key, "expected a number of bytes such as 512MiB or 1GiB, found " + describe(node));
      return byDefault;
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "KiB" -> amount << 10;
      case "MiB" -> amount << 20;
      case "GiB" -> amount << 30;
      case "TiB" -> amount << 40;
      default -> amount;
    };
  }

  /** One of an enum's constants, written in lower case with dashes, or the default. */
  public <E extends Enum<E>> E choice(String key, Class<E> type, E byDefault) {
    if (!has(key)) {
      return byDefault;
    }
    String text = value.get(key).asText();
    for (E constant : type.getEnumConstants()) {
      if (word(constant).equals(text)) {
        return constant;
      }
    }
    fault(key, "expected one of " + words(type) + ", found " + describe(value.get(key)));
    return byDefault;
  }

  /** How a constant is written in a document: in lower case with dashes. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** All constants of an enum as they are written in a document, with commas. */
  public static String words(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(ConfigNode::word)
        .collect(Collectors.joining(", "));
  }

  void noteUnknownKeys() {
    if (value.isObject()) {
      for (var entry : value.properties()) {
        if (!asked.contains(entry.getKey())) {
          String known =
              asked.isEmpty()
                  ? "nothing is expected here"
                  : "known keys: " + asked.stream().sorted().collect(Collectors.joining(", "));
          faults.add(new Fault(path(entry.getKey()), "unknown key (" + known + ")"));
        }
      }
    }
    children.forEach(ConfigNode::noteUnknownKeys);
  }

  private <T> T required(String key, Function<ConfigNode, T> take, T otherwise) {
    if (!value.isObject()) {
      fault("expected a mapping with the key " + key + ", found " + describe(value));
      return otherwise;
    }
    if (!has(key)) {
      fault(key, "is missing");
      return otherwise;
    }
    return take.apply(child(value.get(key), path(key)));
  }

  private ConfigNode child(JsonNode node, String childPlace) {
    ConfigNode child = new ConfigNode(node, childPlace, faults);
    // A scalar or a list has no keys of its own; a mapping is checked for keys nobody asked for.
    children.add(child);
    return child;
  }

  private String path(String key) {
    return place.isEmpty() ? key : place + "." + key;
  }

  private static String range(double min, double max) {
    String low = number(min);
    return max >= Integer.MAX_VALUE ? "of at least " + low : "from " + low + " to " + number(max);
  }

  private static String number(double x) {
    return x == Math.rint(x) ? Long.toString((long) x) : Double.toString(x);
  }

  private static String describe(JsonNode node) {
    if (node.getNodeType() == JsonNodeType.OBJECT) {
      return "a mapping";
    }
    if (node.getNodeType() == JsonNodeType.ARRAY) {
      return "a list";
    }
    if (node.isNull() || node.isMissingNode()) {
      return "nothing";
    }
    String text = node.isTextual() ? '"' + node.asText() + '"' : node.asText();
    return text.length() > 60 ? text.substring(0, 57) + "..." : text;
  }
}

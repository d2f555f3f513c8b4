package io.neurograft.neural.safetensors;

import com.fasterxml.jackson.databind.JsonNode;
import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * What a file's header says of one tensor.
 *
 * @param type the format of its elements
 * @param shape its extents; empty for a scalar
 * @param begin where it starts in the file's data, in bytes
 * @param end where it ends, in bytes
 */
public record TensorEntry(ElementType type, List<Long> shape, long begin, long end) {
  private static final int MOST_AXES = 8;

  /** The number of elements. */
  public long elements() {
    return (end - begin) / type.bytes();
  }

  static TensorEntry parse(Path path, String name, JsonNode node, long dataSize) {
    ElementType type = type(path, name, node.path("dtype"));
    JsonNode offsets = node.path("data_offsets");
    if (offsets.size() != 2
        || !offsets.get(0).canConvertToLong()
        || !offsets.get(1).canConvertToLong()) {
      throw fault(path, name, "expected data_offsets of two numbers");
    }
    long begin = offsets.get(0).longValue();
    long end = offsets.get(1).longValue();
    if (begin < 0 || end < begin) {
      throw fault(path, name, "impossible data_offsets " + offsets);
    }
    if (end > dataSize) {
      throw fault(
          path, name, "truncated: the tensor ends at byte " + end + ", the data at " + dataSize);
    }
    List<Long> shape = shape(path, name, node.path("shape"));
    long elements = 1;
    for (long extent : shape) {
      // Checked against the bytes that are there, so that no product overflows.
      if (extent != 0 && elements > dataSize / extent) {
        throw fault(path, name, "its shape " + shape + " is larger than the file");
      }
      elements *= extent;
    }
    if (elements * type.bytes() != end - begin) {
      throw fault(
          path, name, "its shape " + shape + " does not fit its " + (end - begin) + " bytes");
    }
    return new TensorEntry(type, shape, begin, end);
  }

  /** Tensors lie side by side, without gaps or overlaps, and fill the file: the format's rule. */
  static void checkLayout(Path path, Collection<TensorEntry> tensors, long dataSize) {
    long at = 0;
    for (TensorEntry entry :
        tensors.stream()
            .sorted(Comparator.comparingLong(TensorEntry::begin).thenComparing(TensorEntry::end))
            .toList()) {
      if (entry.begin() != at) {
        throw new InvalidInputException(
            path.toString(), "no safetensors file: gap or overlap at data byte " + at);
      }
      at = entry.end();
    }
    if (at != dataSize) {
      throw new InvalidInputException(
          path.toString(), "no safetensors file: " + (dataSize - at) + " bytes too many");
    }
  }

  private static ElementType type(Path path, String name, JsonNode node) {
    for (ElementType type : ElementType.values()) {
      if (type.name().equals(node.asText())) {
        return type;
      }
    }
    throw fault(path, name, "data type " + node.asText("missing") + " is not supported");
  }

  private static List<Long> shape(Path path, String name, JsonNode node) {
    if (!node.isArray() || node.size() > MOST_AXES) {
      throw fault(path, name, "expected a shape of at most " + MOST_AXES + " extents");
    }
    List<Long> shape = new ArrayList<>();
    for (JsonNode extent : node) {
      if (!extent.isIntegralNumber() || !extent.canConvertToLong() || extent.longValue() < 0) {
        throw fault(path, name, "impossible shape " + node);
      }
      shape.add(extent.longValue());
    }
    return List.copyOf(shape);
  }

  private static InvalidInputException fault(Path path, String name, String message) {
    String shown = name.length() > 80 ? name.substring(0, 77) + "..." : name;
    return new InvalidInputException(path.toString(), "tensor " + shown + ": " + message);
  }
}

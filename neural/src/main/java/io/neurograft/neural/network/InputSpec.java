package io.neurograft.neural.network;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.ConfigNode;
import java.util.Collections;
import java.util.List;

/**
 * What a network takes: the shape of one example, and the mean and standard deviation by which its
 * values are normalised.
 *
 * @param shape channels, height and width of an image with values from 0 to 1, or a number of
 *     columns
 * @param mean one per channel, or one per column
 * @param std one per channel, or one per column; above 0
 */
public record InputSpec(List<Integer> shape, List<Double> mean, List<Double> std) {
  private static final int LARGEST_SIDE = 1 << 16;

  public InputSpec {
    shape = List.copyOf(shape);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /** The shape in the engine's terms, without the batch. */
  public Shape toShape() {
    return new Shape(shape.stream().mapToLong(Integer::longValue).toArray());
  }

  /** The number of values of one example. */
  public int size() {
    return shape.stream().reduce(1, Math::multiplyExact);
  }

  static InputSpec from(ConfigNode node) {
    List<Integer> shape =
        node.items("shape").stream().map(item -> (int) item.integer(1, LARGEST_SIDE)).toList();
    if (shape.size() != 1 && shape.size() != 3) {
      node.fault("shape", "expected [channels, height, width] or [columns]");
      shape = List.of(1);
    }
    if (shape.stream().mapToDouble(Integer::doubleValue).reduce(1, (a, b) -> a * b) > 1 << 28) {
      node.fault("shape", "expected at most " + (1 << 28) + " values an example");
      shape = List.of(1);
    }
    return new InputSpec(
        shape, numbers(node, "mean", -1e6, shape, 0), numbers(node, "std", 1e-9, shape, 1));
  }

  private static List<Double> numbers(
      ConfigNode node, String key, double least, List<Integer> shape, double byDefault) {
    int channels = shape.get(0);
    if (!node.has(key)) {
      return Collections.nCopies(channels, byDefault);
    }
    List<Double> numbers = node.items(key).stream().map(i -> i.decimal(least, 1e6)).toList();
    if (numbers.size() == 1) {
      return Collections.nCopies(channels, numbers.get(0));
    }
    if (numbers.size() != channels) {
      node.fault(key, "expected 1 or " + channels + " numbers, found " + numbers.size());
      return Collections.nCopies(channels, byDefault);
    }
    return numbers;
  }

  String toYaml() {
    return "{shape: " + shape + ", mean: " + brief(mean) + ", std: " + brief(std) + "}";
  }

  private static List<Double> brief(List<Double> numbers) {
    return numbers.stream().distinct().count() == 1 ? numbers.subList(0, 1) : numbers;
  }
}

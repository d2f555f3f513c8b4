package io.neurograft.neural.collection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.tensor.Operators;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * How much examples count in the fit of a head to labels, by their classes: an example of weight 2
 * is there twice.
 *
 * @param weights one for each class, 0 or more; none where all examples count the same
 */
public record ClassWeights(List<Double> weights) {
  /** All examples count the same. */
  public static final ClassWeights NONE = new ClassWeights(List.of());

  /**
   * @throws IllegalArgumentException if a weight is below 0 or not finite
   */
  public ClassWeights {
    weights = List.copyOf(weights);
    if (weights.stream().anyMatch(w -> !(w >= 0 && w < Double.POSITIVE_INFINITY))) {
      throw new IllegalArgumentException("expected weights of 0 or more, found " + weights);
    }
  }

  /**
   * All classes count the same, however many examples they have: {@code examples / (classes *
   * examples of the class)}, over the classes that have any, so that the mean over examples is 1.
   *
   * @param counts of examples, one for each class
   */
  public static ClassWeights balanced(long[] counts) {
    double examples = LongStream.of(counts).sum();
    long classes = LongStream.of(counts).filter(count -> count > 0).count();
    return new ClassWeights(
        Arrays.stream(counts)
            .mapToObj(count -> count == 0 ? 0 : examples / ((double) classes * count))
            .toList());
  }

  /**
   * The weights of examples, in a scope; empty where all count the same.
   *
   * @param labels their classes (B), int64
   * @param each the rows of an example
   * @return (B each x 1), float64
   */
  Optional<NDArray> of(NDArray labels, long each, NDManager scope) {
    if (weights.isEmpty()) {
      return Optional.empty();
    }
    double[] values = weights.stream().mapToDouble(Double::doubleValue).toArray();
    try (NDArray column = scope.create(values, new Shape(values.length, 1));
        NDArray rows = Operators.rows(column, labels)) {
      NDArray repeated = rows.repeat(0, each).toType(DataType.FLOAT64, true);
      repeated.attach(scope);
      return Optional.of(repeated);
    }
  }
}

package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Normalises each vector, or each token, by the mean and variance of its own units, then scales and
 * shifts every unit. Epsilon 1e-5, as in PyTorch.
 *
 * @param parts the widths of the segments along the unit axis that have statistics of their own, in
 *     coordinates; empty where there is one segment. Networks that are put side by side have one
 *     for each.
 */
public record LayerNorm(List<Integer> parts) implements LayerSpec {
  /** Added to the variance. */
  public static final double EPSILON = 1e-5;

  public LayerNorm {
    parts = parts.size() == 1 ? List.of() : List.copyOf(parts);
  }

  /** All units at once. */
  public LayerNorm() {
    this(List.of());
  }

  @Override
  public String word() {
    return "layernorm";
  }

  @Override
  public String toYaml() {
    return parts.isEmpty() ? word() : "{layernorm: {parts: " + parts + "}}";
  }

  @Override
  public Shape output(Shape input) {
    if (input.dimension() > 2) {
      throw new IllegalArgumentException("expected a vector or tokens as input, found " + input);
    }
    long sum = parts.stream().mapToLong(Integer::longValue).sum();
    if (!parts.isEmpty() && sum != UnitAxis.size(input)) {
      throw new IllegalArgumentException(
          "expected parts that sum to " + UnitAxis.size(input) + ", found " + parts);
    }
    return input;
  }

  @Override
  public Map<String, Shape> parameters(Shape input) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("weight", new Shape(UnitAxis.size(input)));
    shapes.put("bias", new Shape(UnitAxis.size(input)));
    return shapes;
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    NDArray weight = parameters.get("weight");
    NDArray bias = parameters.get("bias");
    if (parts.isEmpty()) {
      return ai.djl.nn.norm.LayerNorm.layerNorm(x, weight.getShape(), weight, bias, (float) EPSILON)
          .singletonOrThrow();
    }
    int axis = x.getShape().dimension() - 1;
    NDList normalised = new NDList();
    long from = 0;
    for (int width : parts) {
      normalised.add(normalise(x.get("..., {}:{}", from, from + width), axis));
      from += width;
    }
    return NDArrays.concat(normalised, axis).mul(weight).add(bias);
  }

  private static NDArray normalise(NDArray x, int axis) {
    NDArray centred = x.sub(x.mean(new int[] {axis}, true));
    NDArray variance = centred.square().mean(new int[] {axis}, true);
    return centred.div(variance.add(EPSILON).sqrt());
  }
}

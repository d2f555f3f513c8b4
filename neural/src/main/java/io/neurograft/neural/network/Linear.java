package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A dense layer on a vector, or on each token: {@code y = x W' + b}, W (out x in).
 *
 * @param out its units
 */
public record Linear(int out) implements LayerSpec {
  @Override
  public String word() {
    return "linear";
  }

  @Override
  public String toYaml() {
    return "{linear: " + out + "}";
  }

  @Override
  public Shape output(Shape input) {
    if (input.dimension() > 2) {
      throw new IllegalArgumentException(
          "expected a vector or tokens as input, found " + input + "; put flatten before it");
    }
    return UnitAxis.tokens(input) ? new Shape(input.get(0), out) : new Shape(out);
  }

  @Override
  public Map<String, Shape> parameters(Shape input) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("weight", new Shape(out, UnitAxis.size(input)));
    shapes.put("bias", new Shape(out));
    return shapes;
  }

  @Override
  public boolean affine() {
    return true;
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    return ai.djl.nn.core.Linear.linear(x, parameters.get("weight"), parameters.get("bias"))
        .singletonOrThrow();
  }
}

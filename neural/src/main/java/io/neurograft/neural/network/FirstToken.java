package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Takes the first token, which a {@link ClassToken} put there: (T x E) to (E). */
public record FirstToken() implements LayerSpec {
  @Override
  public String word() {
    return "firsttoken";
  }

  @Override
  public String toYaml() {
    return word();
  }

  @Override
  public Shape output(Shape input) {
    UnitAxis.requireTokens(input);
    return new Shape(input.get(1));
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    return x.get(":, 0");
  }
}

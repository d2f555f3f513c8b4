package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Lays an image out as a vector, channel by channel, row by row; leaves a vector as it is. */
public record Flatten() implements LayerSpec {
  @Override
  public String word() {
    return "flatten";
  }

  @Override
  public String toYaml() {
    return word();
  }

  @Override
  public Shape output(Shape input) {
    if (UnitAxis.tokens(input)) {
      throw new IllegalArgumentException(
          "expected an image or a vector as input, found " + input + "; put firsttoken before it");
    }
    return new Shape(input.size());
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    return x.reshape(x.getShape().get(0), -1);
  }
}

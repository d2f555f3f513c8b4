package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Lays an example out as a vector, channel by channel, row by row. */
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
    return new Shape(input.size());
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    return x.reshape(x.getShape().get(0), -1);
  }
}

package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

/** Rectifies: {@code max(x, 0)}. */
public record Relu() implements LayerSpec {
  @Override
  public String word() {
    return "relu";
  }

  @Override
  public String toYaml() {
    return word();
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    return pass.activate(x, Activation::relu);
  }
}

package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

/** {@code x * Phi(x)} with the exact normal distribution function, not its approximation. */
public record Gelu() implements LayerSpec {
  @Override
  public String word() {
    return "gelu";
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
    return pass.activate(x, Activation::gelu);
  }
}

package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;

/**
 * Takes the largest value of each window, channel by channel.
 *
 * @param size the window's side, in pixels
 * @param stride the step between windows, in pixels
 */
public record MaxPool(int size, int stride) implements LayerSpec {
  @Override
  public String word() {
    return "maxpool";
  }

  @Override
  public String toYaml() {
    return size == stride
        ? "{maxpool: " + size + "}"
        : "{maxpool: {size: " + size + ", stride: " + stride + "}}";
  }

  @Override
  public Shape output(Shape input) {
    return Window.pooled(input, size, stride);
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    return Pool.maxPool2d(
        x, new Shape(size, size), new Shape(stride, stride), new Shape(0, 0), false);
  }
}

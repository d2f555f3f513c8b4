package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;

/**
 * Takes the mean of each window, channel by channel.
 *
 * @param size the window's side, in pixels
 * @param stride the step between windows, in pixels
 */
public record AvgPool(int size, int stride) implements LayerSpec {
  @Override
  public String word() {
    return "avgpool";
  }

  @Override
  public String toYaml() {
    return size == stride
        ? "{avgpool: " + size + "}"
        : "{avgpool: {size: " + size + ", stride: " + stride + "}}";
  }

  @Override
  public Shape output(Shape input) {
    return Window.pooled(input, size, stride);
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    return Pool.avgPool2d(
        x, new Shape(size, size), new Shape(stride, stride), new Shape(0, 0), false, true);
  }
}

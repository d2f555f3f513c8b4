package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;

/** Takes the mean of each channel's whole map: (C x H x W) to (C x 1 x 1). */
public record GlobalAvgPool() implements LayerSpec {
  @Override
  public String word() {
    return "avgpool";
  }

  @Override
  public String toYaml() {
    return "{avgpool: global}";
  }

  @Override
  public Shape output(Shape input) {
    Window.requireImage(input);
    return new Shape(input.get(0), 1, 1);
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    Shape map = new Shape(x.getShape().get(2), x.getShape().get(3));
    return Pool.avgPool2d(x, map, map, new Shape(0, 0), false, true);
  }
}

package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A convolution with square kernel, W (out x in x kernel x kernel), and bias.
 *
 * @param out its channels
 * @param kernel the kernel's side, in pixels
 * @param stride the step between positions, in pixels
 * @param padding zeros added at each border, in pixels
 */
public record Conv(int out, int kernel, int stride, int padding) implements LayerSpec {
  @Override
  public String word() {
    return "conv";
  }

  @Override
  public String toYaml() {
    return "{conv: {out: "
        + out
        + ", kernel: "
        + kernel
        + (stride == 1 ? "" : ", stride: " + stride)
        + (padding == 0 ? "" : ", padding: " + padding)
        + "}}";
  }

  @Override
  public Shape output(Shape input) {
    Window.requireImage(input);
    return new Shape(
        out,
        Window.positions(input.get(1), kernel, stride, padding),
        Window.positions(input.get(2), kernel, stride, padding));
  }

  @Override
  public Map<String, Shape> parameters(Shape input) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("weight", new Shape(out, input.get(0), kernel, kernel));
    shapes.put("bias", new Shape(out));
    return shapes;
  }

  @Override
  public boolean affine() {
    return true;
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    return Conv2d.conv2d(
            x,
            parameters.get("weight"),
            parameters.get("bias"),
            new Shape(stride, stride),
            new Shape(padding, padding))
        .singletonOrThrow();
  }
}

package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Cuts an image into square patches, row by row, and maps each to a token: (C x H x W) to (T x
 * out), W (out x C x patch x patch), and bias.
 *
 * @param out the tokens' coordinates
 * @param patch a patch's side, in pixels; the image's sides are multiples of it
 */
public record PatchEmbedding(int out, int patch) implements LayerSpec {
  @Override
  public String word() {
    return "patchembedding";
  }

  @Override
  public String toYaml() {
    return "{patchembedding: {out: " + out + ", patch: " + patch + "}}";
  }

  @Override
  public Shape output(Shape input) {
    Window.requireImage(input);
    if (input.get(1) % patch != 0 || input.get(2) % patch != 0) {
      throw new IllegalArgumentException(
          "expected an image whose sides are multiples of " + patch + ", found " + input);
    }
    return new Shape(input.get(1) / patch * (input.get(2) / patch), out);
  }

  @Override
  public Map<String, Shape> parameters(Shape input) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    shapes.put("weight", new Shape(out, input.get(0), patch, patch));
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
            new Shape(patch, patch),
            new Shape(0, 0))
        .singletonOrThrow()
        .reshape(x.getShape().get(0), out, -1)
        .transpose(0, 2, 1);
  }
}

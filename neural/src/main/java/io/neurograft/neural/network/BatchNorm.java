package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Normalises each unit by the batch's mean and variance in training, by the running ones in
 * evaluation, then scales and shifts it. Epsilon 1e-5; a running statistic takes a tenth of each
 * batch's, as in PyTorch.
 */
public record BatchNorm() implements LayerSpec {
  /** Added to the variance. */
  public static final double EPSILON = 1e-5;

  private static final float KEPT = 0.9f;

  @Override
  public String word() {
    return "batchnorm";
  }

  @Override
  public String toYaml() {
    return word();
  }

  @Override
  public Shape output(Shape input) {
    if (UnitAxis.tokens(input)) {
      throw new IllegalArgumentException(
          "expected an image or a vector as input, found " + input + "; tokens have layernorm");
    }
    return input;
  }

  @Override
  public Map<String, Shape> parameters(Shape input) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (String name : new String[] {"weight", "bias", "running_mean", "running_var"}) {
      shapes.put(name, new Shape(input.get(0)));
    }
    return shapes;
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    return ai.djl.nn.norm.BatchNorm.batchNorm(
            x,
            parameters.get("running_mean"),
            parameters.get("running_var"),
            parameters.get("weight"),
            parameters.get("bias"),
            -1, // the engine's own axis, the second
            KEPT,
            (float) EPSILON,
            pass.training())
        .singletonOrThrow();
  }
}

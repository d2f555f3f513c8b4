package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.SplittableRandom;

/**
 * In training, sets a share of the values to zero and scales the others up to keep the mean; does
 * nothing in evaluation. The mask is drawn from the pass's own source, since the engine's is shared
 * by all trainings of a process.
 *
 * @param rate the share, from 0 to below 1
 */
public record Dropout(double rate) implements LayerSpec {
  @Override
  public String word() {
    return "dropout";
  }

  @Override
  public String toYaml() {
    return "{dropout: " + rate + "}";
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    if (!pass.training() || rate == 0) {
      return x;
    }
    SplittableRandom random = pass.random().orElseThrow();
    float[] mask = new float[Math.toIntExact(x.size())];
    float kept = (float) (1 / (1 - rate));
    for (int i = 0; i < mask.length; i++) {
      mask[i] = random.nextDouble() < rate ? 0 : kept;
    }
    return x.mul(x.getManager().create(mask, x.getShape()));
  }
}

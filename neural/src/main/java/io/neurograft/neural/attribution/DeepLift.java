package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import java.util.ArrayList;
import java.util.List;

/**
 * DeepLIFT by the rescale rule with the zero baseline (design: fusion, section 3): the gradient of
 * the logit, with the slope of each rectifier taken between baseline and example, times the change
 * of a level's output from one to the other. Complete by construction.
 */
final class DeepLift {
  /** Below this change of its input a rectifier has its own slope. */
  private static final float SAME = 1e-7f;

  private DeepLift() {}

  /**
   * The attributions of a batch.
   *
   * @return for each level an array of the shape of its output
   */
  static List<NDArray> of(Network network, Batch batch) {
    int size = batch.size();
    NDArray own = batch.labels().oneHot(network.spec().classes(), DataType.FLOAT32);
    // Examples and baselines run side by side; gradients are those of the examples' logits.
    NDArray both = batch.x().concat(batch.x().mul(0), 0);
    NDArray target = own.concat(own.mul(0), 0);
    LevelGradients run =
        LevelGradients.of(
            network, both, target, Pass.attribution(DeepLift::rescaled), batch.scope());
    List<NDArray> attributions = new ArrayList<>();
    for (int level = 0; level < run.outputs().size(); level++) {
      NDArray output = run.outputs().get(level);
      NDArray change = examples(output, size).sub(baselines(output, size));
      attributions.add(change.mul(examples(run.gradients().get(level), size)));
    }
    return attributions;
  }

  /**
   * {@code max(x, 0)} whose slope is that between baseline and example.
   *
   * @param x examples, then their baselines (2B x ...)
   */
  private static NDArray rescaled(NDArray x) {
    int size = (int) (x.getShape().get(0) / 2);
    NDArray fixed = x.stopGradient();
    NDArray y = fixed.maximum(0);
    NDArray change = examples(fixed, size).sub(baselines(fixed, size));
    NDArray moved = change.abs().gt(SAME).toType(DataType.FLOAT32, false);
    NDArray between = examples(y, size).sub(baselines(y, size)).div(change.add(moved.neg().add(1)));
    NDArray local = examples(fixed, size).gt(0).toType(DataType.FLOAT32, false);
    NDArray slope = between.mul(moved).add(local.mul(moved.neg().add(1)));
    NDArray slopes = slope.concat(slope, 0);
    return x.mul(slopes).add(y.sub(fixed.mul(slopes)));
  }

  private static NDArray examples(NDArray both, int size) {
    return both.get(new NDIndex("0:{}", size));
  }

  private static NDArray baselines(NDArray both, int size) {
    return both.get(new NDIndex("{}:", size));
  }
}

package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * DeepLIFT by the rescale rule with the zero baseline (design: fusion, section 3): the gradient of
 * the logit, with the slope of each activation taken between baseline and example, times the change
 * of a level's output from one to the other. Complete by construction.
 */
final class DeepLift {
  /** Below this change of its input an activation has its own slope. */
  private static final float SAME = 1e-7f;

  private static final float STEP = 1e-3f;

  private DeepLift() {}

  /**
   * The attributions of a batch.
   *
   * @return by the names of the places, arrays of the shapes there
   */
  static Map<String, NDArray> of(Network network, Batch batch) {
    // The baseline runs as one more example, in which no logit is asked for.
    NDArray own = withRow(batch.labels().oneHot(network.spec().classes(), DataType.FLOAT32));
    NDArray x = withRow(batch.x());
    Map<String, NDArray> attributions = new LinkedHashMap<>();
    PlaceGradient.run(network, x, own, Pass.attribution(DeepLift::rescaled), batch.scope())
        .forEach(
            at -> attributions.put(at.place(), change(at.output()).mul(examples(at.gradient()))));
    return attributions;
  }

  /**
   * An activation whose slope is that between baseline and example.
   *
   * @param x examples, then the baseline (B + 1 x ...)
   */
  private static NDArray rescaled(NDArray x, UnaryOperator<NDArray> activation) {
    NDArray fixed = x.stopGradient();
    NDArray y = activation.apply(fixed);
    NDArray change = change(fixed);
    NDArray moved = change.abs().gt(SAME).toType(DataType.FLOAT32, false);
    NDArray same = moved.neg().add(1);
    NDArray between = change(y).div(change.add(same));
    NDArray slope = withRow(between.mul(moved).add(slope(examples(fixed), activation).mul(same)));
    return x.mul(slope).add(y.sub(fixed.mul(slope)));
  }

  /** An activation's own slope: the difference quotient over a small step. */
  private static NDArray slope(NDArray x, UnaryOperator<NDArray> activation) {
    return activation.apply(x.add(STEP)).sub(activation.apply(x.sub(STEP))).div(2 * STEP);
  }

  /** From the baseline to each example. */
  private static NDArray change(NDArray both) {
    return examples(both).sub(both.get(new NDIndex("{}:", both.getShape().get(0) - 1)));
  }

  private static NDArray examples(NDArray both) {
    return both.get(new NDIndex("0:{}", both.getShape().get(0) - 1));
  }

  /** The same with a row of zeros behind it. */
  private static NDArray withRow(NDArray examples) {
    Shape row = examples.getShape().slice(1);
    return examples.concat(examples.getManager().zeros(new Shape(1).addAll(row)), 0);
  }
}

package io.neurograft.neural.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * Gradients by the engine's reverse mode. Unlike the engine's gradient collector this is per
 * thread: several trainings can go on in one process.
 */
public final class Gradients {
  private Gradients() {}

  /**
   * Computes a scalar with gradients recorded, and adds its gradient to every array that requires
   * one and that it depends on.
   *
   * @param scalar computes an array of one element
   * @return what {@code scalar} gave
   */
  public static NDArray backward(Supplier<NDArray> scalar) {
    JniUtils.setGradMode(true);
    try {
      NDArray value = scalar.get();
      try (NDArray one = value.getManager().ones(new Shape(), value.getDataType())) {
        JniUtils.backward((PtNDArray) value, (PtNDArray) one, false, false);
      }
      return value;
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /** A copy of an array that gradients are computed for, in the given scope. */
  public static NDArray leaf(NDArray array, NDManager scope) {
    NDArray leaf = array.duplicate();
    leaf.attach(scope);
    leaf.setRequiresGradient(true);
    return leaf;
  }
}

package io.neurograft.neural.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
    NDArray value = record(scalar);
    try (NDArray one = value.getManager().ones(value.getShape(), value.getDataType())) {
      backward(value, one);
    }
    return value;
  }

  /** Computes an array with gradients recorded. */
  public static NDArray record(Supplier<NDArray> computation) {
    JniUtils.setGradMode(true);
    try {
      return computation.get();
    } finally {
      JniUtils.setGradMode(false);
    }
  }

  /**
   * Goes back from a recorded array: adds to every array that requires a gradient and that {@code
   * value} depends on.
   *
   * @param gradient the gradient of the result with respect to {@code value}, of its shape
   */
  public static void backward(NDArray value, NDArray gradient) {
    JniUtils.backward((PtNDArray) value, (PtNDArray) gradient, false, false);
  }

  /** A copy of an array that gradients are computed for, in the given scope. */
  public static NDArray leaf(NDArray array, NDManager scope) {
    NDArray leaf = array.duplicate();
    leaf.attach(scope);
    leaf.setRequiresGradient(true);
    return leaf;
  }
}

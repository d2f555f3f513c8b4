package io.neurograft.neural.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
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

  /** Computes something with gradients recorded. */
  public static <T> T record(Supplier<T> computation) {
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

  /**
   * The gradients with respect to arrays that a recorded array was computed from, whether they were
   * given to the computation or made by it.
   *
   * @param gradient the gradient of the result with respect to {@code value}, of its shape
   * @param sources require gradients; {@code value} depends on each
   * @return for each of {@code sources} an array of its shape, in the scope of {@code value}
   */
  public static List<NDArray> of(NDArray value, NDArray gradient, List<NDArray> sources) {
    return Operators.gradients(value, gradient, sources);
  }

  /** A copy of an array that gradients are computed for, in the given scope. */
  public static NDArray leaf(NDArray array, NDManager scope) {
    NDArray leaf = array.duplicate();
    leaf.attach(scope);
    leaf.setRequiresGradient(true);
    return leaf;
  }
}

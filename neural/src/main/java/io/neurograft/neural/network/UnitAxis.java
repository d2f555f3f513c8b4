package io.neurograft.neural.network;

import ai.djl.ndarray.types.Shape;

/**
 * Where the units lie in one example: along axis 0 of a vector (n) and of an image (C x H x W),
 * along axis 1 of tokens (T x E). In a batch it is one axis further.
 */
public final class UnitAxis {
  private UnitAxis() {}

  /**
   * The unit axis of an example.
   *
   * @param shape of one example, without the batch
   */
  public static int of(Shape shape) {
    return tokens(shape) ? 1 : 0;
  }

  /** The number of coordinates along the unit axis of an example. */
  public static int size(Shape shape) {
    return Math.toIntExact(shape.get(of(shape)));
  }

  /** Whether an example is a list of tokens (T x E). */
  static boolean tokens(Shape shape) {
    return shape.dimension() == 2;
  }

  /**
   * @throws IllegalArgumentException if an example is no list of tokens
   */
  static void requireTokens(Shape shape) {
    if (!tokens(shape)) {
      throw new IllegalArgumentException("expected tokens as input, found " + shape);
    }
  }
}

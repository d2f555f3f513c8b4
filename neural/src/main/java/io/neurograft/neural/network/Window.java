package io.neurograft.neural.network;

import ai.djl.ndarray.types.Shape;

/** The arithmetic of a square window that moves over an image. */
final class Window {
  private Window() {}

  static void requireImage(Shape input) {
    if (input.dimension() != 3) {
      throw new IllegalArgumentException(
          "expected channels, height and width as input, found " + input);
    }
  }

  /** How many positions a window has along one side. */
  static long positions(long side, int size, int stride, int padding) {
    long room = side + 2L * padding - size;
    if (room < 0) {
      throw new IllegalArgumentException(
          "a window of " + size + " pixels does not fit into " + side);
    }
    return room / stride + 1;
  }

  static Shape pooled(Shape input, int size, int stride) {
    requireImage(input);
    return new Shape(
        input.get(0),
        positions(input.get(1), size, stride, 0),
        positions(input.get(2), size, stride, 0));
  }
}

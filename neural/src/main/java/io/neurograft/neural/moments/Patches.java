package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.tensor.Operators;

/**
 * What a window sees of images, one row per position, ordered by row, column and channel: with the
 * channels of a pixel side by side each row of a window is one piece of memory, and only the
 * positions that are asked for are copied.
 */
final class Patches {
  private final NDArray pixels; // (B x H x W x C), padded
  private final AffineMap.Window window;
  private final long rowLength; // of a window's row
  private final long high;
  private final long wide;

  private Patches(NDArray pixels, AffineMap.Window window) {
    Shape shape = pixels.getShape();
    this.pixels = pixels;
    this.window = window;
    this.rowLength = window.side() * shape.get(3);
    this.high = (shape.get(1) - window.side()) / window.stride() + 1;
    this.wide = (shape.get(2) - window.side()) / window.stride() + 1;
  }

  /**
   * All patches.
   *
   * @param x (B x C x H x W)
   * @return (B positions x side side C), in the scope of {@code x}
   */
  static NDArray all(NDArray x, AffineMap.Window window) {
    try (NDArray pixels = Operators.channelsLast(x, window.padding())) {
      return new Patches(pixels, window).all();
    }
  }

  /**
   * Some patches.
   *
   * @param x (B x C x H x W)
   * @param index which of the B positions
   * @return (index x side side C), in the scope of {@code x}
   */
  static NDArray some(NDArray x, AffineMap.Window window, long[] index) {
    try (NDArray pixels = Operators.channelsLast(x, window.padding())) {
      return new Patches(pixels, window).some(index);
    }
  }

  /**
   * A fit's solution as a convolution's weight.
   *
   * @param w (side side C x n)
   * @return (n x C x side x side)
   */
  static NDArray weight(NDArray w, int side) {
    long n = w.getShape().get(1);
    return w.transpose().reshape(n, side, side, -1).transpose(0, 3, 1, 2);
  }

  private NDArray all() {
    Shape shape = pixels.getShape();
    long row = shape.get(2) * shape.get(3);
    long[] sizes = {shape.get(0), high, wide, window.side(), rowLength};
    long[] strides = {
      shape.get(1) * row, window.stride() * row, window.stride() * shape.get(3), row, 1
    };
    try (NDArray view = Operators.strided(pixels, sizes, strides)) {
      return view.reshape(shape.get(0) * high * wide, window.side() * rowLength);
    }
  }

  private NDArray some(long[] index) {
    Shape shape = pixels.getShape();
    long row = shape.get(2) * shape.get(3);
    long[] starts = new long[index.length * window.side()];
    for (int i = 0; i < index.length; i++) {
      long image = index[i] / (high * wide);
      long down = index[i] / wide % high * window.stride();
      long right = index[i] % wide * window.stride();
      for (int r = 0; r < window.side(); r++) {
        starts[i * window.side() + r] =
            (image * shape.get(1) + down + r) * row + right * shape.get(3);
      }
    }
    // Every piece of memory that is as long as a window's row, wherever it starts.
    long[] sizes = {pixels.size() - rowLength + 1, rowLength};
    try (NDArray view = Operators.strided(pixels, sizes, new long[] {1, 1});
        NDArray at = pixels.getManager().create(starts);
        NDArray taken = Operators.rows(view, at)) {
      return taken.reshape(index.length, window.side() * rowLength);
    }
  }
}

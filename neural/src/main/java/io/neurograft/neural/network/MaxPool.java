package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.pooling.Pool;

/**
 * Takes the largest value of each window, channel by channel.
 *
 * @param size the window's side, in pixels
 * @param stride the step between windows, in pixels
 */
public record MaxPool(int size, int stride) implements LayerSpec {
  @Override
  public String word() {
    return "maxpool";
  }

  @Override
  public String toYaml() {
    return size == stride
        ? "{maxpool: " + size + "}"
        : "{maxpool: {size: " + size + ", stride: " + stride + "}}";
  }

  @Override
  public Shape output(Shape input) {
    return Window.pooled(input, size, stride);
  }

  @Override
  public NDArray forward(NDArray x, LayerParameters parameters, Pass pass) {
    if (pass.rule().isPresent()) {
      return tournament(x, pass);
    }
    return Pool.maxPool2d(
        x, new Shape(size, size), new Shape(stride, stride), new Shape(0, 0), false);
  }

  /**
   * The same by {@code max(a, b) = a + max(b - a, 0)}, so that an attribution's rule for
   * activations holds.
   */
  private NDArray tournament(NDArray x, Pass pass) {
    long rows = Window.positions(x.getShape().get(2), size, stride, 0);
    long columns = Window.positions(x.getShape().get(3), size, stride, 0);
    NDArray best = at(x, 0, 0, rows, columns);
    for (int place = 1; place < size * size; place++) {
      NDArray other = at(x, place / size, place % size, rows, columns);
      best = best.add(pass.activate(other.sub(best), Activation::relu));
    }
    return best;
  }

  /** The value at one place of each window. */
  private NDArray at(NDArray x, int row, int column, long rows, long columns) {
    return x.get(
        new NDIndex(
            ":, :, {}:{}:{}, {}:{}:{}",
            row,
            row + (rows - 1) * stride + 1,
            stride,
            column,
            column + (columns - 1) * stride + 1,
            stride));
  }
}

package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import io.neurograft.neural.network.Conv;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.PatchEmbedding;
import java.util.Optional;

/**
 * An affine map as a fit sees it: rows of inputs times weights, plus a bias.
 *
 * @param name what the names of its weight and its bias begin with
 * @param window the window that moves over an image; empty where vectors or tokens are mapped
 * @param input the number of the value that it reads
 * @param columns the columns of its inputs, without the ones
 * @param norm the name of the batchnorm right behind it, if there is one
 * @param units what it reads; empty for the network's input
 */
public record AffineMap(
    String name,
    Optional<Window> window,
    int input,
    int columns,
    Optional<String> norm,
    Optional<Units> units) {

  /**
   * The units that a map reads.
   *
   * @param group the index of their group
   * @param stride the consecutive coordinates of a unit along the unit axis
   */
  public record Units(int group, int stride) {}

  /** A window that moves over an image: side, step and zeros at each border, in pixels. */
  public record Window(int side, int stride, int padding) {
    /** The window of a layer that has one. */
    static Optional<Window> of(LayerSpec layer) {
      if (layer instanceof Conv conv) {
        return Optional.of(new Window(conv.kernel(), conv.stride(), conv.padding()));
      }
      return layer instanceof PatchEmbedding embedding
          ? Optional.of(new Window(embedding.patch(), embedding.patch(), 0))
          : Optional.empty();
    }
  }

  /**
   * How many of the columns belong to one unit: the pixels of the window, or the coordinates of the
   * unit.
   */
  public int places() {
    return window.map(w -> w.side() * w.side()).orElse(1) * units.map(Units::stride).orElse(1);
  }

  /**
   * What the window sees, one row per position.
   *
   * @param x (B x C x H x W)
   * @param index which of the B positions; empty for all
   * @return (rows x columns), in the scope of {@code x}
   */
  NDArray patches(NDArray x, Optional<NDArray> index) {
    return index
        .map(some -> Patches.some(x, window.orElseThrow(), some.toLongArray()))
        .orElseGet(() -> Patches.all(x, window.orElseThrow()));
  }

  /**
   * What a fit found for the map, as its layer has it.
   *
   * @param w (columns x n)
   * @return the layer's weight, up to its shape
   */
  public NDArray weight(NDArray w) {
    return window.map(seen -> Patches.weight(w, seen.side())).orElseGet(w::transpose);
  }

  /**
   * Undoes {@link #weight}.
   *
   * @param weight the layer's (n x ...)
   * @return (columns x n)
   */
  NDArray solution(NDArray weight) {
    long n = weight.getShape().get(0);
    return window
        .map(seen -> weight.reshape(n, -1, (long) seen.side() * seen.side()).transpose(2, 1, 0))
        .orElseGet(weight::transpose)
        .reshape(columns, n);
  }
}

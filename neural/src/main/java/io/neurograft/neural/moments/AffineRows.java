package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.Conv;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.tensor.Operators;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What enters and leaves the affine map of a level, as rows: one row per example of a dense layer,
 * one per sampled position of a convolution.
 */
public final class AffineRows {
  private final LayerSpec affine;
  private final int level;
  private final int columns;
  private final int positions;
  private final int perExample;
  private final RowSampling sampling;

  /**
   * The rows of one level.
   *
   * @param units the members' units there, all together: a grouping needs rows for them, too
   * @param examples the number of examples, over all sites
   */
  public AffineRows(NetworkSpec spec, int level, long units, long examples, RowSampling sampling) {
    this.affine = spec.levels().get(level).get(spec.affineLayer(level));
    this.level = level;
    this.columns = Math.toIntExact(columns(spec, level, affine));
    Shape output = spec.output(level);
    this.positions = Math.toIntExact(output.size() / output.get(0));
    this.sampling = sampling;
    this.perExample = sampling.perExample(examples, Math.max(columns + 1L, units), positions);
  }

  private static long columns(NetworkSpec spec, int level, LayerSpec affine) {
    Shape input = spec.input(level);
    for (LayerSpec layer : spec.levels().get(level).subList(0, spec.affineLayer(level))) {
      input = layer.output(input);
    }
    return input.get(0) * (affine instanceof Conv conv ? (long) conv.kernel() * conv.kernel() : 1);
  }

  /** The columns of the inputs, without the ones. */
  public int columns() {
    return columns;
  }

  /** The rows of each example. */
  public int perExample() {
    return perExample;
  }

  /**
   * Which rows of a batch are taken, in the given scope; nothing where all are.
   *
   * @param examples the examples' indices in their data set
   */
  public Optional<NDArray> index(int[] examples, NDManager scope) {
    if (perExample == positions) {
      return Optional.empty();
    }
    long[] rows =
        IntStream.range(0, examples.length)
            .boxed()
            .flatMapToInt(
                b ->
                    IntStream.of(sampling.positions(level, examples[b], perExample, positions))
                        .map(position -> b * positions + position))
            .asLongStream()
            .toArray();
    return Optional.of(scope.create(rows));
  }

  /**
   * X without the ones: the patches that the affine map sees.
   *
   * @param input the affine map's input (B x C x H x W) or (B x p)
   * @return (rows x p), in the scope of {@code input}
   */
  public NDArray inputs(NDArray input, Optional<NDArray> index) {
    if (affine instanceof Conv conv) {
      try (NDArray patches =
          Operators.unfold(input, conv.kernel(), conv.stride(), conv.padding())) {
        return rows(patches, index);
      }
    }
    return rows(input, index);
  }

  /**
   * The level's outputs.
   *
   * @param output (B x n x H x W) or (B x n)
   * @return (rows x n), in the scope of {@code output}
   */
  public NDArray outputs(NDArray output, Optional<NDArray> index) {
    return rows(output, index);
  }

  /** (B x n x ...) to (rows x n). */
  private static NDArray rows(NDArray x, Optional<NDArray> index) {
    Shape shape = x.getShape();
    long n = shape.get(1);
    if (shape.dimension() == 2) {
      return x.duplicate();
    }
    try (NDArray columns = x.reshape(shape.get(0), n, -1);
        NDArray turned = columns.transpose(0, 2, 1);
        NDArray all = turned.reshape(-1, n)) {
      return index.map(i -> Operators.rows(all, i)).orElseGet(all::duplicate);
    }
  }
}

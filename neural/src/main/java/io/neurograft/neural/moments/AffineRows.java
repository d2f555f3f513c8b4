package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.UnitAxis;
import io.neurograft.neural.tensor.Operators;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;

/**
 * What enters and leaves a fit step, as rows: one row per example of a dense layer, one per sampled
 * position of a convolution, one per sampled token.
 */
public final class AffineRows {
  private final FitStep step;
  private final int columns;
  private final int positions;
  private final int perExample;
  private final RowSampling sampling;

  /**
   * The rows of one step.
   *
   * @param units the members' units there, all together: a grouping needs rows for them, too
   * @param examples the number of examples, over all sites
   */
  public AffineRows(FitStep step, long units, long examples, RowSampling sampling) {
    this.step = step;
    Shape output = step.output();
    this.positions = Math.toIntExact(output.size() / UnitAxis.size(output));
    this.columns = columns(step);
    this.sampling = sampling;
    this.perExample = sampling.perExample(examples, Math.max(columns + 1L, units), positions);
  }

  /**
   * The columns of a step's inputs, without the ones. Maps that add up see one long row; those of
   * heads all see the same.
   */
  public static int columns(FitStep step) {
    return step.kind() == FitStep.Kind.HEADS
        ? step.maps().get(0).columns()
        : step.maps().stream().mapToInt(AffineMap::columns).sum() + step.ownBiases();
  }

  /** The columns of the inputs, without the ones. */
  public int columns() {
    return columns;
  }

  /** The rows of each example. */
  public int perExample() {
    return perExample;
  }

  /** The positions of each example. */
  public int positions() {
    return positions;
  }

  /**
   * Which rows of a batch are taken, in the given scope; nothing where all are.
   *
   * @param batch the number of examples
   * @param keys a number for each of them that follows from the example itself
   */
  public Optional<NDArray> index(int batch, IntToLongFunction keys, NDManager scope) {
    if (perExample == positions) {
      return Optional.empty();
    }
    long[] rows = new long[batch * perExample];
    for (int b = 0; b < batch; b++) {
      int[] taken = sampling.positions(step.index(), keys.applyAsLong(b), perExample, positions);
      for (int i = 0; i < perExample; i++) {
        rows[b * perExample + i] = (long) b * positions + taken[i];
      }
    }
    return Optional.of(scope.create(rows));
  }

  /**
   * X without the ones: what the step's maps see, side by side where they add up. In an embedding a
   * class token sees no patch, and each position with a bias of its own has a column that is 1
   * there.
   *
   * @param values the arrays that the maps read, by their numbers
   * @return (rows x p), in the scope of these arrays
   */
  public NDArray inputs(IntFunction<NDArray> values, Optional<NDArray> index) {
    AffineMap first = step.maps().get(0);
    NDArray rows = inputs(first, values, index);
    if (step.kind() != FitStep.Kind.SUM || step.maps().size() == 1) {
      return rows;
    }
    try (rows;
        NDArray others = inputs(step.maps().get(1), values, index)) {
      return rows.concat(others, 1);
    }
  }

  private NDArray inputs(AffineMap map, IntFunction<NDArray> values, Optional<NDArray> index) {
    NDArray x = values.apply(map.input());
    if (map.window().isEmpty()) {
      return outputs(x, index);
    }
    if (step.kind() == FitStep.Kind.EMBEDDING) {
      try (NDArray patches = map.patches(x, Optional.empty());
          NDArray tokens = tokens(patches, x.getShape().get(0))) {
        return taken(tokens, index);
      }
    }
    return map.patches(x, index);
  }

  /** (B patches x p) to (B T x p + biases); tokens in front of the patches see none. */
  private NDArray tokens(NDArray patches, long batch) {
    long p = patches.getShape().get(1);
    long front = positions - patches.getShape().get(0) / batch;
    int biases = step.ownBiases();
    NDManager scope = patches.getManager();
    DataType type = patches.getDataType();
    try (NDArray none = scope.zeros(new Shape(batch, front, p), type);
        NDArray images = patches.reshape(batch, -1, p);
        NDArray all = none.concat(images, 1);
        NDArray eye = scope.eye(positions, biases, 0, type);
        NDArray one = eye.reshape(1, positions, biases);
        NDArray ones = one.broadcast(batch, positions, biases);
        NDArray tokens = all.concat(ones, 2)) {
      return tokens.reshape(batch * positions, -1);
    }
  }

  /**
   * The values of a place.
   *
   * @param output (B x n x H x W), (B x T x n) or (B x n)
   * @return (rows x n), in the scope of {@code output}; a unit of stride s has s columns
   */
  public NDArray outputs(NDArray output, Optional<NDArray> index) {
    Shape shape = output.getShape();
    if (shape.dimension() == 2) {
      return output.duplicate();
    }
    if (shape.dimension() == 3) {
      try (NDArray all = output.reshape(-1, shape.get(2))) {
        return taken(all, index);
      }
    }
    return columnsFirst(output, index);
  }

  /** (B x n x ...) to (rows x n). */
  private static NDArray columnsFirst(NDArray x, Optional<NDArray> index) {
    long n = x.getShape().get(1);
    try (NDArray columns = x.reshape(x.getShape().get(0), n, -1);
        NDArray turned = columns.transpose(0, 2, 1);
        NDArray all = turned.reshape(-1, n)) {
      return taken(all, index);
    }
  }

  private static NDArray taken(NDArray rows, Optional<NDArray> index) {
    return index.map(i -> Operators.rows(rows, i)).orElseGet(rows::duplicate);
  }
}

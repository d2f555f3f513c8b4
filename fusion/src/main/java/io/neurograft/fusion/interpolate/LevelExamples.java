package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.tensor.Operators;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What a level of the fused network reads, and what it should give, example by example. Both are
 * computed once and kept where those of all examples fit into the budget; otherwise members and
 * fused prefix run again for each batch, and memory is that of one batch.
 */
final class LevelExamples implements AutoCloseable {
  private final Dataset data;
  private final int batchSize;
  private final Network fused;
  private final LevelTargets targets;
  private final NDManager scope;
  private final NDArray matrix; // A (N x n)
  private final NDArray inputs; // (examples x values); empty where nothing is kept
  private final NDArray wanted; // (examples x rows n); likewise

  /**
   * @param keptBytes how much may be kept; less than 2 GiB
   * @param fused fitted below the level
   */
  LevelExamples(Dataset data, int batchSize, long keptBytes, Network fused, LevelTargets targets) {
    this.data = data;
    this.batchSize = batchSize;
    this.fused = fused;
    this.targets = targets;
    this.scope = fused.weights().scope().newSubManager();
    this.matrix = targets.matrix(scope);
    long reads = fused.spec().input(targets.level()).size();
    long gives = fused.spec().output(targets.level()).size();
    long kept = 4 * (reads + gives) * data.size() <= keptBytes ? data.size() : 0;
    this.inputs = scope.zeros(new Shape(kept, reads));
    this.wanted = scope.zeros(new Shape(kept, gives));
    if (kept > 0) {
      stream(Batches.all(data), this::keep);
    }
  }

  private void keep(Batch batch) {
    NDIndex at = new NDIndex("{}:{}", batch.first(), batch.first() + batch.size());
    inputs.set(at, input(batch).reshape(batch.size(), -1));
    wanted.set(at, target(batch).reshape(batch.size(), -1));
  }

  /**
   * Passes over some examples in the order given.
   *
   * @param places the examples' places in the data set
   * @param use takes what the level reads (B x input) and should give (rows x n), for one batch
   */
  void forEach(int[] places, BiConsumer<NDArray, NDArray> use) {
    if (inputs.isEmpty()) {
      stream(places, batch -> use.accept(input(batch), target(batch)));
      return;
    }
    Shape shape = fused.spec().input(targets.level());
    for (int first = 0; first < places.length; first += batchSize) {
      Batches.stopIfInterrupted();
      int[] some = Arrays.copyOfRange(places, first, Math.min(places.length, first + batchSize));
      try (NDManager batch = scope.newSubManager()) {
        NDArray index = batch.create(Arrays.stream(some).asLongStream().toArray());
        use.accept(
            rows(inputs, index, batch).reshape(new Shape(some.length).addAll(shape)),
            rows(wanted, index, batch).reshape(-1, targets.units()));
      }
    }
  }

  private static NDArray rows(NDArray kept, NDArray index, NDManager batch) {
    try (NDArray taken = Operators.rows(kept, index)) {
      NDArray rows = taken.duplicate(); // no gradient goes through what an operator gave itself
      rows.attach(batch);
      return rows;
    }
  }

  /** Passes over examples themselves, batch by batch. */
  void stream(int[] places, Consumer<Batch> use) {
    Batches.forEach(data, fused.spec().input(), places, batchSize, scope, use);
  }

  private NDArray input(Batch batch) {
    return fused.forward(batch.x(), 0, targets.level());
  }

  /** What the level should give for a batch (rows x n). */
  NDArray target(Batch batch) {
    return targets.labels()
        ? batch.labels().oneHot(targets.units(), DataType.FLOAT32)
        : clustered(targets.units(batch.x()));
  }

  /** {@code T = Z A}: (rows x n) = (rows x N)(N x n). */
  NDArray clustered(NDArray units) {
    return units.matMul(matrix);
  }

  @Override
  public void close() {
    scope.close();
  }
}

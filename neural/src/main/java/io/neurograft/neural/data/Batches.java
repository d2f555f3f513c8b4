package io.neurograft.neural.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.InputSpec;
import io.neurograft.neural.tensor.HostArrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Hands a data set to the engine, batch by batch; memory is that of one batch. */
public final class Batches {
  private Batches() {}

  /**
   * Passes over some examples in the order given.
   *
   * @param indices the examples' places in the data set
   * @param batchSize examples a batch; the last may be smaller
   * @param parent each batch has a scope below this one, closed after its use
   * @throws InvalidInputException if the data set does not fit the network's input
   * @throws CancellationException if the thread is interrupted between two batches
   */
  public static void forEach(
      Dataset data,
      InputSpec input,
      int[] indices,
      int batchSize,
      NDManager parent,
      Consumer<Batch> use) {
    requireFit(data, input);
    for (int first = 0; first < indices.length; first += batchSize) {
      stopIfInterrupted();
      int size = Math.min(batchSize, indices.length - first);
      try (NDManager scope = parent.newSubManager()) {
        use.accept(batch(data, input, indices, first, size, scope));
      }
    }
  }

  /**
   * For work within a batch that takes long.
   *
   * @throws CancellationException if the thread is interrupted
   */
  public static void stopIfInterrupted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted");
    }
  }

  /** All places of a data set, in its own order. */
  public static int[] all(Dataset data) {
    return IntStream.range(0, data.size()).toArray();
  }

  /**
   * Checks that a network can take a data set's examples.
   *
   * @throws InvalidInputException naming both shapes
   */
  public static void requireFit(Dataset data, InputSpec input) {
    if (!data.shape().equals(input.shape())) {
      throw new InvalidInputException(
          "data", "examples have shape " + data.shape() + ", the network takes " + input.shape());
    }
  }

  private static Batch batch(
      Dataset data, InputSpec input, int[] indices, int first, int size, NDManager scope) {
    float[] example = new float[data.exampleSize()];
    NDArray x =
        HostArrays.fill(
            scope,
            new Shape(size).addAll(input.toShape()),
            values -> {
              for (int i = 0; i < size; i++) {
                data.read(indices[first + i], example, 0);
                normalise(example, input);
                values.put(example);
              }
            });
    long[] labels = new long[size];
    for (int i = 0; i < size; i++) {
      labels[i] = data.label(indices[first + i]);
    }
    return new Batch(first, x, scope.create(labels));
  }

  private static void normalise(float[] example, InputSpec input) {
    List<Double> mean = input.mean();
    int run = example.length / mean.size(); // values of one channel lie side by side
    for (int channel = 0; channel < mean.size(); channel++) {
      float m = mean.get(channel).floatValue();
      float s = input.std().get(channel).floatValue();
      for (int i = channel * run; i < (channel + 1) * run; i++) {
        example[i] = (example[i] - m) / s;
      }
    }
  }
}

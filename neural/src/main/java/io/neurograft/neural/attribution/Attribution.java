package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.Progress;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * Scores the units of a network: {@code s_j = (1/N) sum over examples and positions of
 * |attribution_j| + 1e-8}, with respect to the logit of the example's own class (design: fusion,
 * section 3). A group with several places, such as a residual stream, gets the mean over them.
 *
 * <p>Memory does not grow with the number of examples: batches are so large that the outputs of all
 * layers take up to 64 MiB, of which a method holds a few times as much.
 */
public final class Attribution {
  private static final int LARGEST_BATCH = 100;
  private static final long OUTPUT_BYTES = 64L << 20;

  private Attribution() {}

  /**
   * Scores all groups.
   *
   * @param indices the examples to use; at least one
   * @param steps nodes along the path, for methods that integrate; at least 1
   * @throws InvalidInputException if the data or the method does not fit the network
   */
  public static Scores score(
      Network network,
      Dataset data,
      int[] indices,
      ScoreMethod method,
      int steps,
      Progress progress) {
    method.requireFit(network.spec());
    if (data.classes() > network.spec().classes()) {
      throw new InvalidInputException(
          "data",
          "it has %d classes, the network only %d"
              .formatted(data.classes(), network.spec().classes()));
    }
    return switch (method) {
      case UNIFORM -> Scores.uniform(network.spec());
      case TAYLOR -> average(network, data, indices, at(b -> Taylor.of(network, b)), progress);
      case CONDUCTANCE ->
          average(network, data, indices, at(b -> Conductance.of(network, b, steps)), progress);
      case DEEPLIFT -> average(network, data, indices, at(b -> DeepLift.of(network, b)), progress);
      case ABLATION ->
          average(
              network,
              data,
              indices,
              (batch, rows, sums, part) -> new Ablation(network, rows, sums).add(batch, part),
              progress);
    };
  }

  /** Adds what a batch says of the units. */
  private interface Method {
    /**
     * @param rows how many examples may run side by side, copies counted
     */
    void add(Batch batch, int rows, UnitSums sums, Progress progress);
  }

  /** A method that gives arrays by the names of places. */
  private static Method at(Function<Batch, Map<String, NDArray>> attributions) {
    return (batch, rows, sums, progress) -> sums.add(attributions.apply(batch));
  }

  private static Scores average(
      Network network, Dataset data, int[] indices, Method method, Progress progress) {
    UnitSums sums = new UnitSums(network.spec().groups());
    int rows = rows(network, data, indices);
    double all = indices.length;
    Batches.forEach(
        data,
        network.spec().input(),
        indices,
        Math.min(rows, LARGEST_BATCH),
        network.weights().scope(),
        batch -> {
          double end = batch.first() + batch.size();
          method.add(batch, rows, sums, progress.part(batch.first() / all, end / all));
          progress.report(end / all, "scoring");
        });
    return sums.scores(indices.length);
  }

  /** How many examples may run side by side; at least 1. Runs one to see what it takes. */
  private static int rows(Network network, Dataset data, int[] indices) {
    AtomicLong bytes = new AtomicLong();
    Pass measuring =
        Pass.EVALUATION.tapping(
            (place, output) -> {
              bytes.addAndGet(Float.BYTES * output.size());
              return output;
            });
    try (NDManager scope = network.weights().scope().newSubManager()) {
      Batches.forEach(
          data,
          network.spec().input(),
          new int[] {indices[0]},
          1,
          scope,
          batch -> network.forward(batch.x(), 0, network.spec().levelCount(), measuring));
    }
    return (int) Math.max(1, OUTPUT_BYTES / bytes.get());
  }
}

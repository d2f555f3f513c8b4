package io.neurograft.neural.training;

import io.neurograft.neural.data.Batches;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;

/** Which classes a network takes the examples of each class for. */
public final class Confusion {
  private static final int BATCH = 256;

  private Confusion() {}

  /**
   * Counts.
   *
   * @param data its classes are at most the network's
   * @return (classes x classes) {@code [c][d]}: how many examples of class c are taken for class d
   */
  public static long[][] of(Network network, Dataset data) {
    NetworkSpec spec = network.spec();
    long[][] counts = new long[spec.classes()][spec.classes()];
    Batches.forEach(
        data,
        spec.input(),
        Batches.all(data),
        BATCH,
        network.weights().scope(),
        batch -> {
          long[] labels = batch.labels().toLongArray();
          long[] found = network.forward(batch.x()).argMax(1).toLongArray();
          for (int i = 0; i < labels.length; i++) {
            counts[(int) labels[i]][(int) found[i]]++;
          }
        });
    return counts;
  }
}

package io.neurograft.fusion;

import io.neurograft.neural.network.Weights;

/**
 * A fused network: its weights, and how it was made.
 *
 * @param weights in a scope of their own, freed by {@link #close}
 */
public record Fused(Weights weights, FusionReport report) implements AutoCloseable {
  @Override
  public void close() {
    weights.close();
  }
}

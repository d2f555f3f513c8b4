package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;

/**
 * A layer's own parameters.
 *
 * @param weights all of the network's
 * @param layer the layer's name, such as {@code levels.2.0} or {@code levels.3.1.body.0}
 */
public record LayerParameters(Weights weights, String layer) {
  /** The parameter of that name, such as {@code weight}. */
  public NDArray get(String name) {
    return weights.get(layer + "." + name);
  }
}

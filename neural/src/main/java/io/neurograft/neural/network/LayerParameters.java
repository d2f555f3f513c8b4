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
    return weights.get(Layers.name(layer, name));
  }

  /** The parameters of a part of the layer, such as {@code query} or {@code body}. */
  LayerParameters of(String part) {
    return new LayerParameters(weights, Layers.name(layer, part));
  }
}

package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;

/** A layer's own parameters, by the last part of their names, such as {@code weight}. */
@FunctionalInterface
public interface LayerParameters {
  /** The parameter of that name. */
  NDArray get(String name);
}

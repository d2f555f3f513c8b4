package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;

/** A specification with weights: a network that can be run, whole or any range of its levels. */
public final class Network {
  private final NetworkSpec spec;
  private final Weights weights;

  /** Uses the weights as they are; does not own them. */
  public Network(NetworkSpec spec, Weights weights) {
    this.spec = spec;
    this.weights = weights;
  }

  /** What the network is. */
  public NetworkSpec spec() {
    return spec;
  }

  /** Its weights. */
  public Weights weights() {
    return weights;
  }

  /**
   * The logits of a batch, in evaluation mode.
   *
   * @param x (B x input), normalised
   * @return (B x classes), in the scope of {@code x}
   */
  public NDArray forward(NDArray x) {
    return forward(x, 0, spec.levelCount(), Pass.EVALUATION);
  }

  /**
   * Runs a range of levels in evaluation mode.
   *
   * @param x the output of the level before {@code from}; the normalised input where that is 0
   * @param from the first level
   * @param to the level after the last
   * @return the pre-activations of level {@code to - 1}, in the scope of {@code x}
   */
  public NDArray forward(NDArray x, int from, int to) {
    return forward(x, from, to, Pass.EVALUATION);
  }

  /** Runs a range of levels. */
  public NDArray forward(NDArray x, int from, int to, Pass pass) {
    NDArray value = x;
    for (int level = from; level < to; level++) {
      value = layers(value, level, 0, spec.levels().get(level).size(), pass);
    }
    return value;
  }

  /**
   * Runs one layer in evaluation mode.
   *
   * @param name its name
   * @param layer the layer itself
   * @return its output, in the scope of {@code x}; in evaluation dropout gives {@code x} itself
   */
  public NDArray run(String name, LayerSpec layer, NDArray x) {
    return layer.forward(x, parameters(name), Pass.EVALUATION);
  }

  /** The parameters of a layer of that name. */
  public LayerParameters parameters(String layer) {
    return new LayerParameters(weights, layer);
  }

  /**
   * Runs a level up to one of its layers, in evaluation mode.
   *
   * @param levelInput the output of the level before; the normalised input for level 0
   * @param layer the name of a layer of the level, or of a residual in it, such as {@code
   *     levels.3.1.body.0}
   * @return the layer's input
   * @throws IllegalArgumentException if the level has no such layer
   */
  public NDArray inputOf(NDArray levelInput, int level, String layer) {
    LayerParameters list = new LayerParameters(weights, NetworkSpec.name(level));
    return Layers.inputOf(spec.levels().get(level), levelInput, list, layer);
  }

  private NDArray layers(NDArray x, int level, int from, int to, Pass pass) {
    LayerParameters list = new LayerParameters(weights, NetworkSpec.name(level));
    return Layers.run(spec.levels().get(level), from, to, x, list, pass);
  }
}

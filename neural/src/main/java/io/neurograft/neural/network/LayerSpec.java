package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Map;

/**
 * One layer of a network as data: what it is called in a specification, which parameters it has,
 * what it makes of its input. Shapes here are those of one example, without the batch.
 */
public sealed interface LayerSpec
    permits AvgPool, BatchNorm, Conv, Dropout, Flatten, Linear, MaxPool, Relu {

  /** The layer's key in a specification. */
  String word();

  /**
   * The layer as it is written in a specification, such as {@code relu} or {@code {linear: 10}}.
   */
  String toYaml();

  /**
   * The shape of the layer's output.
   *
   * @throws IllegalArgumentException if the layer cannot take such an input; the message says what
   *     it expects
   */
  Shape output(Shape input);

  /** The shapes of the layer's parameters by their PyTorch names, in their PyTorch order. */
  default Map<String, Shape> parameters(Shape input) {
    return Map.of();
  }

  /** Whether the layer ends a level: an affine map that mixes units. */
  default boolean affine() {
    return false;
  }

  /**
   * Runs the layer.
   *
   * @param x a batch of inputs
   * @param parameters the layer's own
   * @return the outputs, in the scope of {@code x}
   */
  NDArray forward(NDArray x, LayerParameters parameters, Pass pass);
}

package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Map;

/**
 * One layer of a network as data: what it is called in a specification, which parameters it has,
 * what it makes of its input. Shapes here are those of one example, without the batch: a vector
 * (n), an image (C x H x W) or tokens (T x E).
 */
public sealed interface LayerSpec
    permits Attention,
        AvgPool,
        BatchNorm,
        ClassToken,
        Conv,
        Dropout,
        FirstToken,
        Flatten,
        Gelu,
        GlobalAvgPool,
        LayerNorm,
        Linear,
        MaxPool,
        PatchEmbedding,
        PositionEmbedding,
        Relu,
        Residual {

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

  /** The values of the largest array between input and output, for one example. */
  default long working(Shape input) {
    return 0;
  }

  /** Whether the layer makes units of others by affine maps, and can end a level. */
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

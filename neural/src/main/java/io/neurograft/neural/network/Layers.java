package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;

/** A list of layers, one after the other: a level, or what a residual holds. */
final class Layers {
  private Layers() {}

  /** The name of a layer within its list, which has a name itself. */
  static String name(String list, int layer) {
    return list + "." + layer;
  }

  /** The shape of the last layer's output. */
  static Shape output(List<LayerSpec> layers, Shape input) {
    Shape shape = input;
    for (LayerSpec layer : layers) {
      shape = layer.output(shape);
    }
    return shape;
  }

  /** Adds the names and shapes of all parameters, in order. */
  static void parameters(
      List<LayerSpec> layers, Shape input, String list, Map<String, Shape> target) {
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      String prefix = name(list, i) + ".";
      layers.get(i).parameters(shape).forEach((name, s) -> target.put(prefix + name, s));
      shape = layers.get(i).output(shape);
    }
  }

  /** Runs a range of layers; each one's output goes through the pass's tap. */
  static NDArray run(
      List<LayerSpec> layers, int from, int to, NDArray x, LayerParameters list, Pass pass) {
    NDArray value = x;
    for (int i = from; i < to; i++) {
      LayerParameters own = new LayerParameters(list.weights(), name(list.layer(), i));
      value = pass.tap(own.layer(), layers.get(i).forward(value, own, pass));
    }
    return value;
  }
}

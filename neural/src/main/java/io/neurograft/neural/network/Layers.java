package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** A list of layers, one after the other: a level, or what a residual holds. */
final class Layers {
  private Layers() {}

  /** The name of a layer within its list, which has a name itself. */
  static String name(String list, int layer) {
    return list + "." + layer;
  }

  /** The name of something within a layer. */
  static String name(String layer, String part) {
    return layer + "." + part;
  }

  static String toYaml(List<LayerSpec> layers) {
    return layers.stream().map(LayerSpec::toYaml).collect(Collectors.joining(", ", "[", "]"));
  }

  /** Visits all layers with their names in the order of a run, a residual after what it holds. */
  static void forEach(List<LayerSpec> layers, String list, BiConsumer<String, LayerSpec> visit) {
    for (int i = 0; i < layers.size(); i++) {
      String name = name(list, i);
      if (layers.get(i) instanceof Residual residual) {
        forEach(residual.body(), name(name, Residual.BODY), visit);
        forEach(residual.shortcut(), name(name, Residual.SHORTCUT), visit);
      }
      visit.accept(name, layers.get(i));
    }
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
      String layer = name(list, i);
      layers.get(i).parameters(shape).forEach((name, s) -> target.put(name(layer, name), s));
      shape = layers.get(i).output(shape);
    }
  }

  /** The same list with other layers, residuals changed within. */
  static List<LayerSpec> map(
      List<LayerSpec> layers, String list, BiFunction<String, LayerSpec, LayerSpec> change) {
    List<LayerSpec> changed = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      String name = name(list, i);
      changed.add(
          layers.get(i) instanceof Residual residual
              ? new Residual(
                  map(residual.body(), name(name, Residual.BODY), change),
                  map(residual.shortcut(), name(name, Residual.SHORTCUT), change))
              : change.apply(name, layers.get(i)));
    }
    return changed;
  }

  /**
   * A layer by its name.
   *
   * @throws IllegalArgumentException if there is none
   */
  static LayerSpec find(List<LayerSpec> layers, String list, String layer) {
    for (int i = 0; i < layers.size(); i++) {
      String name = name(list, i);
      if (layer.equals(name)) {
        return layers.get(i);
      }
      if (layers.get(i) instanceof Residual residual && layer.startsWith(name + ".")) {
        String part = part(name, layer);
        return find(residual.part(part), name(name, part), layer);
      }
    }
    throw new IllegalArgumentException("no layer " + layer + " in " + list);
  }

  /** Whether a layer of a residual is in its body or in its shortcut. */
  private static String part(String residual, String layer) {
    return layer.startsWith(name(residual, Residual.BODY) + ".")
        ? Residual.BODY
        : Residual.SHORTCUT;
  }

  /** Runs a range of layers; each one's output goes through the pass's tap. */
  static NDArray run(
      List<LayerSpec> layers, int from, int to, NDArray x, LayerParameters list, Pass pass) {
    NDArray value = x;
    for (int i = from; i < to; i++) {
      LayerParameters own = list.of(Integer.toString(i));
      value = pass.tap(own.layer(), layers.get(i).forward(value, own, pass));
    }
    return value;
  }

  /**
   * Runs a list up to a layer in it, or in a residual of it, in evaluation mode.
   *
   * @param x the list's input
   * @param layer the layer's name
   * @return the layer's input
   * @throws IllegalArgumentException if there is no such layer
   */
  static NDArray inputOf(List<LayerSpec> layers, NDArray x, LayerParameters list, String layer) {
    for (int i = 0; i < layers.size(); i++) {
      String name = name(list.layer(), i);
      if (layer.equals(name)) {
        return run(layers, 0, i, x, list, Pass.EVALUATION);
      }
      if (layers.get(i) instanceof Residual residual && layer.startsWith(name + ".")) {
        NDArray input = run(layers, 0, i, x, list, Pass.EVALUATION);
        String part = part(name, layer);
        LayerParameters own = new LayerParameters(list.weights(), name(name, part));
        return inputOf(residual.part(part), input, own, layer);
      }
    }
    throw new IllegalArgumentException("no layer " + layer + " in " + list.layer());
  }
}

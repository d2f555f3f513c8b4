package io.neurograft.neural.network;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;

/** Reads a specification and checks it whole: every layer fits what comes before it. */
final class NetworkReader {
  /** An array of the engine stays below 2 GiB. */
  private static final long MOST_ELEMENTS = (1L << 29) - 1;

  private static final int MOST_LEVELS = 1 << 10;
  private static final NetworkSpec ANY =
      new NetworkSpec(
          new InputSpec(List.of(1), List.of(0.0), List.of(1.0)), List.of(List.of(new Linear(1))));

  private NetworkReader() {}

  /** The network, or some network where a fault was noted. */
  static NetworkSpec read(ConfigNode node) {
    InputSpec input = InputSpec.from(node.requiredSection("input"));
    if (node.has("family")) {
      return checked(node, new NetworkSpec(input, Families.levels(node)), "family");
    }
    if (!node.has("levels")) {
      node.fault("levels", "is missing; expected a list of levels, or a family");
      return ANY;
    }
    List<List<LayerSpec>> levels = new ArrayList<>();
    List<ConfigNode> items = node.items("levels");
    if (items.isEmpty() || items.size() > MOST_LEVELS) {
      node.fault("levels", "expected 1 to " + MOST_LEVELS + " levels");
      return ANY;
    }
    boolean whole = true;
    for (ConfigNode item : items) {
      List<LayerSpec> layers = new ArrayList<>();
      for (ConfigNode layer : item.items()) {
        var read = LayerReader.read(layer);
        read.ifPresent(layers::add);
        whole &= read.isPresent();
      }
      levels.add(layers);
    }
    return whole ? checked(node, new NetworkSpec(input, levels), "levels") : ANY;
  }

  private static NetworkSpec checked(ConfigNode node, NetworkSpec spec, String key) {
    Shape shape = spec.input().toShape();
    for (int level = 0; level < spec.levelCount(); level++) {
      List<LayerSpec> layers = spec.levels().get(level);
      String place = key.equals("family") ? key : "levels[" + level + "]";
      if (layers.stream().filter(LayerSpec::affine).count() != 1) {
        node.fault(place, "expected one linear or conv layer in each level");
        return ANY;
      }
      boolean afterAffine = false;
      for (int i = 0; i < layers.size(); i++) {
        LayerSpec layer = layers.get(i);
        if (afterAffine && !(layer instanceof BatchNorm)) {
          node.fault(
              place, "expected the level to end in its linear or conv layer (and batchnorm)");
          return ANY;
        }
        afterAffine |= layer.affine();
        try {
          Shape input = shape;
          shape = layer.output(shape);
          if (layer.parameters(input).values().stream().anyMatch(s -> s.size() > MOST_ELEMENTS)
              || shape.size() > MOST_ELEMENTS) {
            throw new IllegalArgumentException(
                "expected tensors of at most " + MOST_ELEMENTS + " elements");
          }
        } catch (IllegalArgumentException e) {
          node.fault(
              key.equals("family") ? key : place + "[" + i + "]." + layer.word(),
              String.valueOf(e.getMessage()));
          return ANY;
        }
      }
    }
    if (shape.dimension() != 1) {
      node.fault(key, "expected the last level to end in a linear layer, one unit per class");
      return ANY;
    }
    return spec;
  }
}

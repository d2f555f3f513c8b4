package io.neurograft.neural.network;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;

/** Reads a specification and checks it whole: every layer fits what comes before it. */
final class NetworkReader {
  /** An array of the engine stays below 2 GiB. */
  private static final long MOST_ELEMENTS = (1L << 29) - 1;

  private static final long MOST_PARAMETERS = 1L << 32;
  private static final int MOST_LEVELS = 1 << 10;
  private static final int MOST_LAYERS = 1 << 12;
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
      var layers = LayerReader.list(item);
      layers.ifPresent(levels::add);
      whole &= layers.isPresent();
    }
    return whole ? checked(node, new NetworkSpec(input, levels), "levels") : ANY;
  }

  private static NetworkSpec checked(ConfigNode node, NetworkSpec spec, String key) {
    try {
      requireWhole(spec);
      return spec;
    } catch (MisfitException e) {
      node.fault(key.equals("family") ? key : place(e.layer()), String.valueOf(e.getMessage()));
      return ANY;
    }
  }

  /** Where a layer stands in a document: {@code levels[2][3].residual.body[1]}. */
  private static String place(String layer) {
    return layer
        .replaceAll("\\.(\\d+)", "[$1]")
        .replaceAll("\\.(" + Residual.BODY + "|" + Residual.SHORTCUT + ")", ".residual.$1");
  }

  private static void requireWhole(NetworkSpec spec) {
    Shape shape = spec.input().toShape();
    List<String> layers = new ArrayList<>();
    spec.forEachLayer((name, layer) -> layers.add(name));
    if (layers.size() > MOST_LAYERS) {
      throw new MisfitException("levels", "expected at most " + MOST_LAYERS + " layers in all");
    }
    for (int level = 0; level < spec.levelCount(); level++) {
      List<LayerSpec> list = spec.levels().get(level);
      shape = fit(list, NetworkSpec.name(level), shape);
      requireEnd(list, NetworkSpec.name(level));
    }
    List<LayerSpec> last = spec.levels().get(spec.levelCount() - 1);
    if (shape.dimension() != 1 || !(mapAtEnd(last) instanceof Linear)) {
      throw new MisfitException(
          "levels", "expected the last level to end in a linear layer, one unit per class");
    }
    long parameters = spec.parameters().values().stream().mapToLong(Shape::size).sum();
    if (parameters > MOST_PARAMETERS) {
      throw new MisfitException("levels", "expected at most " + MOST_PARAMETERS + " parameters");
    }
    spec.groups(); // throws where a residual joins what does not belong together
  }

  /** Checks that each layer takes what comes before it, and gives the last one's output. */
  private static Shape fit(List<LayerSpec> layers, String list, Shape input) {
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      LayerSpec layer = layers.get(i);
      String name = Layers.name(list, i);
      if (layer instanceof Residual residual) {
        fit(residual.body(), Layers.name(name, Residual.BODY), shape);
        fit(residual.shortcut(), Layers.name(name, Residual.SHORTCUT), shape);
      }
      try {
        Shape output = layer.output(shape);
        if (layer.parameters(shape).values().stream().anyMatch(s -> s.size() > MOST_ELEMENTS)
            || layer.working(shape) > MOST_ELEMENTS
            || output.size() > MOST_ELEMENTS) {
          throw new IllegalArgumentException(
              "expected tensors of at most " + MOST_ELEMENTS + " elements");
        }
        shape = output;
      } catch (IllegalArgumentException e) {
        throw new MisfitException(Layers.name(name, layer.word()), String.valueOf(e.getMessage()));
      }
    }
    return shape;
  }

  private static void requireEnd(List<LayerSpec> level, String name) {
    LayerSpec end = mapAtEnd(level);
    if (!end.affine() && !(end instanceof Residual)) {
      throw new MisfitException(
          name,
          "expected the level to end in a linear, conv, patchembedding, attention or residual"
              + " layer (and batchnorm, classtoken, positionembedding)");
    }
  }

  /** The last layer of a level that does more than scale and shift. */
  private static LayerSpec mapAtEnd(List<LayerSpec> level) {
    return level.stream()
        .filter(
            layer ->
                !(layer instanceof BatchNorm
                    || layer instanceof ClassToken
                    || layer instanceof PositionEmbedding))
        .reduce((first, second) -> second)
        .orElse(new Relu());
  }
}

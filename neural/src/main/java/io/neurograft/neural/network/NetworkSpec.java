package io.neurograft.neural.network;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * A network as data: its input and its levels, one after the other. A level starts with the
 * activation of the level before it and ends in an affine map or a residual, whose output is the
 * level's pre-activation; the last level's output are the logits, one per class.
 *
 * <p>Design: architecture, "A network is data"; fusion, section 1.
 *
 * @param input what the network takes
 * @param levels the layers of each level
 */
public record NetworkSpec(InputSpec input, List<List<LayerSpec>> levels) {
  public NetworkSpec {
    levels = levels.stream().map(List::copyOf).toList();
  }

  /**
   * Reads a specification from a YAML file.
   *
   * @throws InvalidInputException with every fault of the file and its place
   */
  public static NetworkSpec read(Path file) {
    return Config.read(file, NetworkSpec::from);
  }

  /**
   * Reads a specification from a text.
   *
   * @param source what the text is, for messages
   * @throws InvalidInputException with every fault of the text and its place
   */
  public static NetworkSpec parse(String yaml, String source) {
    return Config.parse(yaml, source, NetworkSpec::from);
  }

  /** Reads a specification from a place in a document, noting its faults there. */
  public static NetworkSpec from(ConfigNode node) {
    return NetworkReader.read(node);
  }

  /** The specification as text: {@code parse(toYaml())} equals this. */
  public String toYaml() {
    return "input: "
        + input.toYaml()
        + "\nlevels:\n"
        + levels.stream()
            .map(level -> "  - " + Layers.toYaml(level) + "\n")
            .collect(Collectors.joining());
  }

  /** The number of levels. */
  public int levelCount() {
    return levels.size();
  }

  /** The number of classes: the units of the last level. */
  public int classes() {
    return units(levelCount() - 1);
  }

  /** The number of coordinates along the unit axis of a level's output. */
  public int units(int level) {
    return UnitAxis.size(output(level));
  }

  /** The shape of a level's output for one example, as {@link UnitAxis} describes it. */
  public Shape output(int level) {
    return Layers.output(levels.get(level), input(level));
  }

  /** The shape of a level's input for one example. */
  public Shape input(int level) {
    return level == 0 ? input.toShape() : output(level - 1);
  }

  /**
   * A layer by its name, such as {@code levels.2.0} or {@code levels.3.1.body.0}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public LayerSpec layer(String name) {
    for (int level = 0; level < levels.size(); level++) {
      if (name.startsWith(name(level) + ".")) {
        return Layers.find(levels.get(level), name(level), name);
      }
    }
    throw new IllegalArgumentException("no layer " + name);
  }

  /** Visits all layers with their names in the order of a run, a residual after what it holds. */
  public void forEachLayer(BiConsumer<String, LayerSpec> visit) {
    for (int level = 0; level < levels.size(); level++) {
      Layers.forEach(levels.get(level), name(level), visit);
    }
  }

  /** The names and shapes of all parameters, in order. */
  public Map<String, Shape> parameters() {
    Map<String, Shape> all = new LinkedHashMap<>();
    Shape shape = input.toShape();
    for (int level = 0; level < levels.size(); level++) {
      Layers.parameters(levels.get(level), shape, name(level), all);
      shape = Layers.output(levels.get(level), shape);
    }
    return Collections.unmodifiableMap(all);
  }

  /** The name of a level, such as {@code levels.2}. */
  static String name(int level) {
    return "levels." + level;
  }

  /** The name of a layer, such as {@code levels.2.0}; it names the layer's output, too. */
  public static String place(int level, int layer) {
    return Layers.name(name(level), layer);
  }

  /** The level of a layer, of one of its parts or of one of its parameters, by its name. */
  public static int levelOf(String name) {
    int from = name.indexOf('.') + 1;
    int to = name.indexOf('.', from);
    return Integer.parseInt(name.substring(from, to < 0 ? name.length() : to));
  }

  /** What the names of a layer's parameters start with. */
  public static String prefix(int level, int layer) {
    return place(level, layer) + ".";
  }

  /** The network's unit groups, computed anew; the last is that of the classes. */
  public List<UnitGroup> groups() {
    return UnitGroups.of(this);
  }

  /**
   * The same layers with other units per group. Parts of a layernorm that do not fit any more
   * become one.
   *
   * @param units of each of {@link #groups}; the last, the classes, as it is
   */
  public NetworkSpec withUnits(List<Integer> units) {
    List<UnitGroup> groups = groups();
    if (units.size() != groups.size() || units.get(units.size() - 1) != classes()) {
      throw new IllegalArgumentException("expected units for each group, the last as it is");
    }
    Map<String, Integer> rows = new HashMap<>(); // of weights, by the weight's name
    for (UnitGroup group : groups) {
      for (Slice slice : group.slices()) {
        if (slice.axis() == 0) {
          rows.put(slice.parameter(), units.get(group.index()) * slice.stride());
        }
      }
    }
    return mapLayers((name, layer) -> resized(name, layer, rows));
  }

  private static LayerSpec resized(String name, LayerSpec layer, Map<String, Integer> rows) {
    int out = rows.getOrDefault(Layers.name(name, "weight"), 0);
    if (layer instanceof Conv conv) {
      return new Conv(out, conv.kernel(), conv.stride(), conv.padding());
    }
    if (layer instanceof PatchEmbedding embedding) {
      return new PatchEmbedding(out, embedding.patch());
    }
    if (layer instanceof Attention attention) {
      int inner = rows.getOrDefault(Layers.name(name, "query.weight"), 0);
      return new Attention(inner / attention.dim(), attention.dim());
    }
    if (layer instanceof LayerNorm norm) {
      int parts = norm.parts().stream().mapToInt(Integer::intValue).sum();
      return parts == out ? norm : new LayerNorm();
    }
    return layer instanceof Linear ? new Linear(out) : layer;
  }

  /**
   * The same network with some layers changed.
   *
   * @param change takes a layer's name and the layer, which is no residual, and gives what stands
   *     there instead
   */
  public NetworkSpec mapLayers(BiFunction<String, LayerSpec, LayerSpec> change) {
    List<List<LayerSpec>> changed = new ArrayList<>();
    for (int level = 0; level < levels.size(); level++) {
      changed.add(Layers.map(levels.get(level), name(level), change));
    }
    return new NetworkSpec(input, changed);
  }
}

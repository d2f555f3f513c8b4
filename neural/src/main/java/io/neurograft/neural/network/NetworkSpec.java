package io.neurograft.neural.network;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.Config;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A network as data: its input and its chain of levels. A level starts with the activation of the
 * level before it and ends in an affine map, whose output is the level's pre-activation; the last
 * level's output are the logits, one per class.
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
            .map(
                level ->
                    level.stream()
                        .map(LayerSpec::toYaml)
                        .collect(Collectors.joining(", ", "  - [", "]\n")))
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

  /** The number of units of a level's output. */
  public int units(int level) {
    return (int) output(level).get(0);
  }

  /** The shape of a level's output for one example: (units) or (units x height x width). */
  public Shape output(int level) {
    return Layers.output(levels.get(level), input(level));
  }

  /** The shape of a level's input for one example. */
  public Shape input(int level) {
    return level == 0 ? input.toShape() : output(level - 1);
  }

  /** The index of the affine map in a level. */
  public int affineLayer(int level) {
    List<LayerSpec> layers = levels.get(level);
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).affine()) {
        return i;
      }
    }
    throw new IllegalStateException("a level without an affine map");
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

  /** What the names of a layer's parameters start with. */
  public static String prefix(int level, int layer) {
    return place(level, layer) + ".";
  }

  /** The network's unit groups; the last is that of the classes. */
  public List<UnitGroup> groups() {
    return UnitGroups.of(this);
  }

  /**
   * The same layers with other units per group.
   *
   * @param units of each of {@link #groups}; the last, the classes, as it is
   */
  public NetworkSpec withUnits(List<Integer> units) {
    if (units.size() != groups().size() || units.get(units.size() - 1) != classes()) {
      throw new IllegalArgumentException("expected units for each group, the last as it is");
    }
    List<List<LayerSpec>> changed = new ArrayList<>();
    for (int level = 0; level < levels.size(); level++) {
      int out = units.get(level);
      changed.add(levels.get(level).stream().map(layer -> withUnits(layer, out)).toList());
    }
    return new NetworkSpec(input, changed);
  }

  private static LayerSpec withUnits(LayerSpec layer, int out) {
    if (layer instanceof Conv conv) {
      return new Conv(out, conv.kernel(), conv.stride(), conv.padding());
    }
    return layer instanceof Linear ? new Linear(out) : layer;
  }
}

package io.neurograft.neural.network;

import io.neurograft.neural.config.ConfigNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads the layers of a specification: each a word, or a mapping with one key. */
final class LayerReader {
  private static final int MOST_UNITS = 1 << 20;
  private static final int LARGEST_WINDOW = 1 << 10;
  private static final int MOST_PARTS = 1 << 10;
  private static final int DEEPEST = 8;
  private static final String WORDS =
      "linear, conv, residual, attention, patchembedding, classtoken, positionembedding,"
          + " firsttoken, batchnorm, layernorm, relu, gelu, maxpool, avgpool, flatten, dropout";

  private final ConfigNode node;
  private final int depth;

  private LayerReader(ConfigNode node, int depth) {
    this.node = node;
    this.depth = depth;
  }

  /** A level's layers, or nothing where one is none; then a fault was noted. */
  static Optional<List<LayerSpec>> list(ConfigNode node) {
    return list(node, 0);
  }

  private static Optional<List<LayerSpec>> list(ConfigNode node, int depth) {
    List<ConfigNode> items = node.items();
    List<LayerSpec> layers = new ArrayList<>();
    for (ConfigNode item : items) {
      new LayerReader(item, depth).read().ifPresent(layers::add);
    }
    return layers.size() == items.size() ? Optional.of(layers) : Optional.empty();
  }

  private Optional<LayerSpec> read() {
    if (node.value().isTextual()) {
      return bare(node.text());
    }
    List<String> keys = node.keys();
    if (keys.size() != 1) {
      node.fault("expected one layer: a word, or a mapping with one key, of " + WORDS);
      keys.forEach(node::has);
      return Optional.empty();
    }
    String word = keys.get(0);
    return switch (word) {
      case "linear" -> Optional.of(new Linear(units(node, "linear")));
      case "conv" -> node.section(word).map(LayerReader::conv);
      case "residual" -> node.section(word).flatMap(this::residual);
      case "attention" -> node.section(word).map(LayerReader::attention);
      case "patchembedding" -> node.section(word).map(LayerReader::patchEmbedding);
      case "layernorm" -> node.section(word).map(LayerReader::layerNorm);
      case "maxpool" -> pool(word, MaxPool::new);
      case "avgpool" -> avgPool(word);
      case "dropout" -> Optional.of(new Dropout(node.decimal("dropout", 0, 0.999)));
      default -> {
        node.has(word);
        node.fault("unknown layer " + word + "; expected one of " + WORDS);
        yield Optional.empty();
      }
    };
  }

  private Optional<LayerSpec> bare(String word) {
    return switch (word) {
      case "relu" -> Optional.of(new Relu());
      case "gelu" -> Optional.of(new Gelu());
      case "layernorm" -> Optional.of(new LayerNorm());
      case "classtoken" -> Optional.of(new ClassToken());
      case "positionembedding" -> Optional.of(new PositionEmbedding());
      case "firsttoken" -> Optional.of(new FirstToken());
      case "flatten" -> Optional.of(new Flatten());
      case "batchnorm" -> Optional.of(new BatchNorm());
      default -> {
        node.fault("unknown layer " + word + "; expected one of " + WORDS);
        yield Optional.empty();
      }
    };
  }

  private static int units(ConfigNode node, String key) {
    return (int) node.integer(key, 1, MOST_UNITS);
  }

  private static LayerSpec conv(ConfigNode node) {
    return new Conv(
        units(node, "out"),
        (int) node.integer("kernel", 1, LARGEST_WINDOW),
        (int) node.integerOr("stride", 1, LARGEST_WINDOW, 1),
        (int) node.integerOr("padding", 0, LARGEST_WINDOW, 0));
  }

  private Optional<LayerSpec> residual(ConfigNode residual) {
    if (depth == DEEPEST) {
      residual.fault("expected residuals of at most " + DEEPEST + " levels within each other");
      residual.keys().forEach(residual::has);
      return Optional.empty();
    }
    Optional<List<LayerSpec>> body = part(residual, Residual.BODY);
    Optional<List<LayerSpec>> shortcut = part(residual, Residual.SHORTCUT);
    if (body.isEmpty() || shortcut.isEmpty()) {
      return Optional.empty();
    }
    if (body.get().isEmpty()) {
      residual.fault(Residual.BODY, "expected at least one layer");
      return Optional.empty();
    }
    return Optional.of(new Residual(body.get(), shortcut.get()));
  }

  private Optional<List<LayerSpec>> part(ConfigNode residual, String key) {
    return residual.section(key).map(list -> list(list, depth + 1)).orElse(Optional.of(List.of()));
  }

  private static LayerSpec attention(ConfigNode node) {
    return new Attention(units(node, "heads"), units(node, "dim"));
  }

  private static LayerSpec patchEmbedding(ConfigNode node) {
    return new PatchEmbedding(units(node, "out"), (int) node.integer("patch", 1, LARGEST_WINDOW));
  }

  private static LayerSpec layerNorm(ConfigNode node) {
    List<Integer> parts =
        node.items("parts").stream().map(i -> (int) i.integer(1, MOST_UNITS)).toList();
    if (parts.size() < 2 || parts.size() > MOST_PARTS) {
      node.fault("parts", "expected 2 to " + MOST_PARTS + " widths");
      return new LayerNorm();
    }
    return new LayerNorm(parts);
  }

  private Optional<LayerSpec> avgPool(String word) {
    boolean global = node.value().get(word).asText().equals("global");
    return global && node.has(word) ? Optional.of(new GlobalAvgPool()) : pool(word, AvgPool::new);
  }

  /** A window's side and step: {@code {maxpool: 2}} or {@code {maxpool: {size: 3, stride: 2}}}. */
  private Optional<LayerSpec> pool(String word, BiFunction<Integer, Integer, LayerSpec> make) {
    if (!node.value().get(word).isObject()) {
      int size = (int) node.integer(word, 1, LARGEST_WINDOW);
      return Optional.of(make.apply(size, size));
    }
    ConfigNode pool = node.requiredSection(word);
    int size = (int) pool.integer("size", 1, LARGEST_WINDOW);
    return Optional.of(make.apply(size, (int) pool.integerOr("stride", 1, LARGEST_WINDOW, size)));
  }
}

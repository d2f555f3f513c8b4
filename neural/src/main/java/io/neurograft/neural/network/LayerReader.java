package io.neurograft.neural.network;

import io.neurograft.neural.config.ConfigNode;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Reads one layer of a specification: a word, or a mapping with one key. */
final class LayerReader {
  private static final int MOST_UNITS = 1 << 20;
  private static final int LARGEST_WINDOW = 1 << 10;
  private static final String WORDS =
      "linear, conv, batchnorm, relu, maxpool, avgpool, flatten, dropout";

  private LayerReader() {}

  /** The layer, or nothing where it is none; then a fault was noted. */
  static Optional<LayerSpec> read(ConfigNode node) {
    if (node.value().isTextual()) {
      return bare(node, node.text());
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
      case "conv" -> node.section("conv").map(LayerReader::conv);
      case "maxpool" -> pool(node, word, MaxPool::new);
      case "avgpool" -> pool(node, word, AvgPool::new);
      case "dropout" -> Optional.of(new Dropout(node.decimal("dropout", 0, 0.999)));
      default -> {
        node.has(word);
        node.fault("unknown layer " + word + "; expected one of " + WORDS);
        yield Optional.empty();
      }
    };
  }

  private static Optional<LayerSpec> bare(ConfigNode node, String word) {
    return switch (word) {
      case "relu" -> Optional.of(new Relu());
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

  /** A window's side and step: {@code {maxpool: 2}} or {@code {maxpool: {size: 3, stride: 2}}}. */
  private static <T> Optional<T> pool(
      ConfigNode node, String word, BiFunction<Integer, Integer, T> make) {
    if (!node.value().get(word).isObject()) {
      int size = (int) node.integer(word, 1, LARGEST_WINDOW);
      return Optional.of(make.apply(size, size));
    }
    ConfigNode pool = node.requiredSection(word);
    int size = (int) pool.integer("size", 1, LARGEST_WINDOW);
    return Optional.of(make.apply(size, (int) pool.integerOr("stride", 1, LARGEST_WINDOW, size)));
  }
}

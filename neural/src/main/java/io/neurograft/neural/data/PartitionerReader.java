package io.neurograft.neural.data;

import io.neurograft.neural.config.ConfigNode;
import java.util.List;

/** Reads a {@link Partitioner} from a document. */
final class PartitionerReader {
  private static final List<String> WORDS = List.of("iid", "dirichlet", "shard", "pathological");
  private static final long SEED = 42;
  private static final int MIN_PARTITION_SIZE = 10;
  private static final double SMALLEST_ALPHA = 1e-6;
  private static final double LARGEST_ALPHA = 1e6;
  private static final Partitioner OTHERWISE = new Partitioner.Iid(SEED);

  private PartitionerReader() {}

  static Partitioner read(ConfigNode node) {
    if (node.value().isTextual()) {
      return word(node);
    }
    List<String> found = WORDS.stream().filter(node::has).toList();
    if (found.size() != 1) {
      String what = found.isEmpty() ? "none" : String.join(" and ", found);
      node.fault("expected one of " + String.join(", ", WORDS) + ", found " + what);
      return OTHERWISE;
    }
    String word = found.get(0);
    return node.section(word).map(section -> section(word, section)).orElse(OTHERWISE);
  }

  private static Partitioner word(ConfigNode node) {
    String word = node.text();
    switch (word) {
      case "iid" -> {}
      case "dirichlet" -> node.fault("expected {dirichlet: {alpha: NUMBER}}");
      case "shard" -> node.fault("expected {shard: {shards-per-partition: NUMBER}}");
      case "pathological" -> node.fault("expected {pathological: {classes-per-partition: NUMBER}}");
      default -> node.fault("expected one of " + String.join(", ", WORDS) + ", found " + word);
    }
    return OTHERWISE;
  }

  private static Partitioner section(String word, ConfigNode node) {
    long seed = node.integerOr("seed", Long.MIN_VALUE, Long.MAX_VALUE, SEED);
    return switch (word) {
      case "dirichlet" ->
          new Partitioner.Dirichlet(
              node.decimal("alpha", SMALLEST_ALPHA, LARGEST_ALPHA),
              (int) node.integerOr("min-partition-size", 1, Integer.MAX_VALUE, MIN_PARTITION_SIZE),
              node.flag("self-balancing", false),
              seed);
      case "shard" -> new Partitioner.Shard(count(node, "shards-per-partition"), seed);
      case "pathological" ->
          new Partitioner.Pathological(count(node, "classes-per-partition"), seed);
      default -> new Partitioner.Iid(seed);
    };
  }

  private static int count(ConfigNode node, String key) {
    return (int) node.integer(key, 1, Integer.MAX_VALUE);
  }
}

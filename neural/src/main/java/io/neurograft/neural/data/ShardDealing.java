package io.neurograft.neural.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Deals out shards of the examples sorted by class. All examples are dealt: where Flower drops the
 * remainder of the division, shards here differ by one example.
 */
final class ShardDealing {
  private ShardDealing() {}

  static int[][] deal(Partitioner.Shard rule, Deck deck) {
    int each = rule.shardsPerPartition();
    if ((long) deck.partitions() * each > deck.examples().length) {
      throw deck.impossible("there are fewer examples than shards");
    }
    int shards = deck.partitions() * each;
    int[] sorted = Arrays.stream(deck.byClass()).flatMapToInt(Arrays::stream).toArray();
    int[] order = deck.shuffled(shards);
    int[][] dealt = new int[deck.partitions()][];
    for (int p = 0; p < dealt.length; p++) {
      dealt[p] =
          IntStream.range(p * each, (p + 1) * each)
              .flatMap(i -> Arrays.stream(Deck.slice(sorted, order[i], shards)))
              .toArray();
      deck.shuffled(dealt[p]);
    }
    return dealt;
  }
}

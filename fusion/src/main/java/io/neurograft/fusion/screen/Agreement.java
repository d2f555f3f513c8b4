package io.neurograft.fusion.screen;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * How well a member's predictions agree with the labels, beyond chance, on the classes that its
 * site holds: Cohen's kappa, {@code (a - e) / (1 - e)}, where every such class counts the same. It
 * is 1 where all is right, 0 for a network that does not look at the examples, whatever it always
 * says, and below 0 where labels were exchanged.
 *
 * <p>Members of shards that differ must not be compared by their accuracy: one that has seen two
 * classes of ten knows a fifth of the examples at best, and is honest. So a class counts only where
 * the site has at least a fifth as many examples of it as of its most frequent one: rarer ones may
 * have been learnt badly.
 */
final class Agreement {
  private static final int RARE = 5;

  private Agreement() {}

  /**
   * The agreement.
   *
   * @param confusion (classes x classes) {@code [c][d]}: how many examples of class c were taken
   *     for class d
   * @param classCounts how many examples of each class the site says it trained on
   * @return at most 1; empty where no example is of a class that counts
   */
  static Optional<Double> of(long[][] confusion, List<Long> classCounts) {
    long most = classCounts.stream().mapToLong(Long::longValue).max().orElse(0);
    int[] counted =
        IntStream.range(0, Math.min(confusion.length, classCounts.size()))
            .filter(c -> classCounts.get(c) > 0 && RARE * classCounts.get(c) >= most)
            .filter(c -> sum(confusion[c]) > 0)
            .toArray();
    if (counted.length == 0) {
      return Optional.empty();
    }
    double right = 0; // a: the mean recall
    double chance = 0; // e: how often each class is said, over all that count
    for (int c : counted) {
      right += share(confusion[c], c) / counted.length;
      for (int other : counted) {
        chance += share(confusion[other], c) / counted.length / counted.length;
      }
    }
    if (counted.length == 1) { // it cannot be mistaken but for what the site does not hold
      chance = 1.0 / confusion.length;
    }
    return Optional.of((right - chance) / (1 - chance));
  }

  private static double share(long[] row, int column) {
    return (double) row[column] / sum(row);
  }

  private static long sum(long[] row) {
    return IntStream.range(0, row.length).mapToLong(i -> row[i]).sum();
  }
}

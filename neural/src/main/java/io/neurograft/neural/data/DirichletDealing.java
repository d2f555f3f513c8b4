package io.neurograft.neural.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Deals out each class by shares drawn from a Dirichlet distribution. */
final class DirichletDealing {
  private static final int TRIES = 100;

  private DirichletDealing() {}

  static int[][] deal(Partitioner.Dirichlet rule, Deck deck) {
    int least = rule.minPartitionSize();
    if ((long) least * deck.partitions() > deck.examples().length) {
      throw deck.impossible("they are too few for at least " + least + " each");
    }
    for (int i = 0; i < TRIES; i++) {
      int[][] dealt = deal(cuts(rule, deck), deck);
      if (Arrays.stream(dealt).allMatch(partition -> partition.length >= least)) {
        Arrays.stream(dealt).forEach(deck::shuffled);
        return dealt;
      }
    }
    throw deck.impossible(
        "in none of %d tries did each get at least %d; a larger alpha, a smaller minimum or"
                .formatted(TRIES, least)
            + " another seed may do");
  }

  private static int[][] deal(int[][] cuts, Deck deck) {
    int[][] dealt = new int[deck.partitions()][];
    for (int p = 0; p < dealt.length; p++) {
      int partition = p;
      dealt[p] =
          IntStream.range(0, cuts.length)
              .flatMap(
                  c -> Arrays.stream(deck.byClass()[c], cuts[c][partition], cuts[c][partition + 1]))
              .toArray();
    }
    return dealt;
  }

  /**
   * Where each class is cut: partition p gets its examples from {@code [c][p]} to {@code [p+1]}.
   */
  private static int[][] cuts(Partitioner.Dirichlet rule, Deck deck) {
    int partitions = deck.partitions();
    double even = deck.examples().length / (double) partitions;
    int[][] cuts = new int[deck.byClass().length][partitions + 1];
    int[] sizes = new int[partitions];
    for (int c = 0; c < cuts.length; c++) {
      int count = deck.byClass()[c].length;
      double[] logs = new double[partitions];
      for (int p = 0; p < partitions; p++) {
        double log = Gamma.logSample(rule.alpha(), deck.random());
        boolean full = rule.selfBalancing() && sizes[p] > even;
        logs[p] = full ? Double.NEGATIVE_INFINITY : log;
      }
      double[] sums = cumulativeShares(logs);
      for (int p = 0; p < partitions; p++) {
        cuts[c][p + 1] = (int) (sums[p] * count);
        sizes[p] += cuts[c][p + 1] - cuts[c][p];
      }
    }
    return cuts;
  }

  /** Gamma numbers, normalised, are Dirichlet shares; the last sum is exactly 1. */
  private static double[] cumulativeShares(double[] logs) {
    // Relative to the largest: with a small alpha all of them may be too small for a double.
    double largest = Arrays.stream(logs).max().orElse(0);
    double[] sums = new double[logs.length];
    double sum = 0;
    for (int p = 0; p < logs.length; p++) {
      sum += StrictMath.exp(logs[p] - largest);
      sums[p] = sum;
    }
    for (int p = 0; p < sums.length; p++) {
      sums[p] /= sum;
    }
    return sums;
  }
}

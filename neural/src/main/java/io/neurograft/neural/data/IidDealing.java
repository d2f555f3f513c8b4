package io.neurograft.neural.data;

/** Deals out even slices of the shuffled examples. */
final class IidDealing {
  private IidDealing() {}

  static int[][] deal(Deck deck) {
    int[][] dealt = new int[deck.partitions()][];
    for (int p = 0; p < dealt.length; p++) {
      dealt[p] = Deck.slice(deck.examples(), p, dealt.length);
    }
    return dealt;
  }
}

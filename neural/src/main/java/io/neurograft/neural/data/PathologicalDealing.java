package io.neurograft.neural.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** Deals out whole classes like cards, then shares each class among those who drew it. */
final class PathologicalDealing {
  private PathologicalDealing() {}

  static int[][] deal(Partitioner.Pathological rule, Deck deck) {
    int[] classes =
        IntStream.range(0, deck.byClass().length)
            .filter(c -> deck.byClass()[c].length > 0)
            .toArray();
    int each = rule.classesPerPartition();
    if (each > classes.length || (long) each * deck.partitions() < classes.length) {
      throw deck.impossible(
          "expected classes per partition no more than the %d classes that have examples, and enough"
                  .formatted(classes.length)
              + " that each is dealt");
    }
    List<BitSet> hands = hands(classes, each, deck);
    int[][] dealt = new int[deck.partitions()][];
    Arrays.fill(dealt, new int[0]);
    for (int c : classes) {
      share(c, hands, deck, dealt);
    }
    Arrays.stream(dealt).forEach(deck::shuffled);
    return dealt;
  }

  private static void share(int c, List<BitSet> hands, Deck deck, int[][] dealt) {
    int[] holders = IntStream.range(0, dealt.length).filter(p -> hands.get(p).get(c)).toArray();
    int[] examples = deck.byClass()[c];
    if (holders.length > examples.length) {
      throw deck.impossible(
          "class %d has %d examples for %d partitions"
              .formatted(c, examples.length, holders.length));
    }
    for (int i = 0; i < holders.length; i++) {
      int[] part = Deck.slice(examples, i, holders.length);
      dealt[holders[i]] =
          IntStream.concat(Arrays.stream(dealt[holders[i]]), Arrays.stream(part)).toArray();
    }
  }

  /**
   * The classes of each partition. A card that the next partition holds already stays on the stack
   * for the one after it; the first stack is dealt without such, so that every class is dealt.
   */
  private static List<BitSet> hands(int[] classes, int each, Deck deck) {
    List<BitSet> hands = new ArrayList<>();
    List<Integer> stack = new ArrayList<>();
    for (int p = 0; p < deck.partitions(); p++) {
      BitSet hand = new BitSet();
      while (hand.cardinality() < each) {
        if (stack.stream().allMatch(hand::get)) {
          Arrays.stream(deck.shuffled(classes.clone())).forEach(stack::add);
        }
        for (int i = 0; i < stack.size(); i++) {
          if (!hand.get(stack.get(i))) {
            hand.set(stack.remove(i));
            break;
          }
        }
      }
      hands.add(hand);
    }
    return hands;
  }
}

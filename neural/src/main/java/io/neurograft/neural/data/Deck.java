package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** Shuffled examples that one rule is about to deal out. */
final class Deck {
  private final Partitioner rule;
  private final int partitions;
  private final int[] examples;
  private final int[][] byClass;

  // java.util.Random, because its numbers are laid down for every Java version.
  private final Random random;

  /**
   * @throws InvalidInputException if there are fewer examples than partitions
   * @throws IllegalArgumentException if a label is not one of the classes
   */
  Deck(Partitioner rule, int[] labels, int classes, int partitions) {
    this.rule = rule;
    this.partitions = partitions;
    this.random = new Random(rule.seed());
    this.examples = shuffled(labels.length);
    this.byClass = new int[classes][];
    for (int c = 0; c < classes; c++) {
      int label = c;
      byClass[c] = Arrays.stream(examples).filter(i -> labels[i] == label).toArray();
    }
    if (Arrays.stream(byClass).mapToInt(c -> c.length).sum() != labels.length) {
      throw new IllegalArgumentException("expected labels 0 to " + (classes - 1));
    }
    if (partitions < 1 || partitions > labels.length) {
      throw impossible("expected at least one partition, and one example for each");
    }
  }

  int partitions() {
    return partitions;
  }

  /** The indices of all examples, shuffled. */
  int[] examples() {
    return examples;
  }

  /** The indices of each class's examples, shuffled. */
  int[][] byClass() {
    return byClass;
  }

  Random random() {
    return random;
  }

  /** The numbers from 0 to {@code count - 1}, shuffled. */
  int[] shuffled(int count) {
    return shuffled(IntStream.range(0, count).toArray());
  }

  /** The same array, its numbers shuffled. */
  int[] shuffled(int[] numbers) {
    for (int i = numbers.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int swapped = numbers[i];
      numbers[i] = numbers[other];
      numbers[other] = swapped;
    }
    return numbers;
  }

  InvalidInputException impossible(String why) {
    String what = "cannot deal %d examples to %d partitions".formatted(examples.length, partitions);
    return new InvalidInputException("partition " + rule, what + ": " + why);
  }

  /** A slice of some numbers: the {@code part}th of {@code parts}, sizes differing by at most 1. */
  static int[] slice(int[] whole, int part, int parts) {
    int from = (int) ((long) whole.length * part / parts);
    int to = (int) ((long) whole.length * (part + 1) / parts);
    return Arrays.copyOfRange(whole, from, to);
  }
}

package io.neurograft.neural.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class PartitionerTest {
  @Property(tries = 100)
  void partition_iid_completeAndEven(
      @ForAll @IntRange(min = 1, max = 12) int partitions, @ForAll long seed) {
    int[] labels = labels(300, 10, seed);
    int[][] dealt = dealt(new Partitioner.Iid(seed), labels, 10, partitions);
    assertThat(sizes(dealt).max().orElse(0) - sizes(dealt).min().orElse(0)).isLessThanOrEqualTo(1);
  }

  @Property(tries = 100)
  void partition_dirichlet_completeAndNoneTooSmall(
      @ForAll @IntRange(min = 1, max = 8) int partitions,
      @ForAll @DoubleRange(min = 0.3, max = 100) double alpha,
      @ForAll boolean selfBalancing,
      @ForAll long seed) {
    int[] labels = labels(500, 10, seed);
    var rule = new Partitioner.Dirichlet(alpha, 5, selfBalancing, seed);
    int[][] dealt = dealt(rule, labels, 10, partitions);
    assertThat(sizes(dealt).min().orElse(0)).isGreaterThanOrEqualTo(5);
  }

  @Property(tries = 50)
  void partition_dirichletOfAnyAlpha_completeOrOneClearFault(
      @ForAll @DoubleRange(min = 1e-6, max = 0.3) @Scale(6) double alpha, @ForAll long seed) {
    int[] labels = labels(200, 5, seed);
    try {
      dealt(new Partitioner.Dirichlet(alpha, 1, true, seed), labels, 5, 6);
    } catch (InvalidInputException e) {
      assertThat(e).hasMessageContaining("in none of 100 tries did each get at least 1");
    }
  }

  @Property(tries = 100)
  void partition_shard_completeAndEachOfFewClasses(
      @ForAll @IntRange(min = 1, max = 12) int partitions,
      @ForAll @IntRange(min = 1, max = 4) int shards,
      @ForAll long seed) {
    int[] labels = IntStream.range(0, 480).map(i -> i % 10).toArray();
    int[][] dealt = dealt(new Partitioner.Shard(shards, seed), labels, 10, partitions);
    // A shard of s examples touches at most ceil((s - 1) / 48) + 1 classes of 48.
    int perShard = (480 / (partitions * shards) + 47) / 48 + 1;
    for (int[] partition : dealt) {
      assertThat(classes(partition, labels)).isLessThanOrEqualTo((long) shards * perShard);
    }
  }

  @Property(tries = 100)
  void partition_pathological_completeWithExactlyKClasses(
      @ForAll @IntRange(min = 2, max = 12) int partitions,
      @ForAll @IntRange(min = 1, max = 10) int k,
      @ForAll long seed) {
    int[] labels = IntStream.range(0, 400).map(i -> i % 10).toArray();
    var rule = new Partitioner.Pathological(k, seed);
    if (partitions * k < 10) {
      assertFault(rule, labels, 10, partitions, "enough that each is dealt");
      return;
    }
    for (int[] partition : dealt(rule, labels, 10, partitions)) {
      assertThat(classes(partition, labels)).isEqualTo(k);
    }
  }

  @Test
  void partition_pathological_classWithoutExamplesIsNotDealt() {
    int[] labels = IntStream.range(0, 60).map(i -> i % 3).toArray();
    for (int[] partition : dealt(new Partitioner.Pathological(3, 1), labels, 7, 4)) {
      assertThat(classes(partition, labels)).isEqualTo(3);
    }
    assertFault(new Partitioner.Pathological(4, 1), labels, 7, 4, "the 3 classes");
  }

  @Test
  void partition_smallAlpha_isMoreSkewedThanLargeAlpha() {
    int[] labels = IntStream.range(0, 5000).map(i -> i % 10).toArray();
    double skewed = largestShare(new Partitioner.Dirichlet(0.1, 1, 42), labels);
    double even = largestShare(new Partitioner.Dirichlet(1000, 1, 42), labels);
    assertThat(even).isBetween(0.1, 0.13);
    assertThat(skewed).isGreaterThan(0.3);
  }

  @Test
  void partition_selfBalancing_evensTheSizes() {
    int[] labels = IntStream.range(0, 5000).map(i -> i % 10).toArray();
    int plain = largest(new Partitioner.Dirichlet(0.3, 1, false, 3).partition(labels, 10, 5));
    int balanced = largest(new Partitioner.Dirichlet(0.3, 1, true, 3).partition(labels, 10, 5));
    assertThat(balanced).isLessThan(plain);
  }

  @Test
  void partition_sameOnEveryMachine() {
    int[] labels = IntStream.range(0, 1000).map(i -> i % 10).toArray();
    int[][] dealt = new Partitioner.Dirichlet(0.3, 10, 42).partition(labels, 10, 4);
    assertThat(sizes(dealt)).containsExactly(315, 113, 323, 249);
    assertThat(dealt[1]).startsWith(678, 712, 432, 887);
  }

  @Test
  void partition_impossible_saysWhy() {
    int[] labels = IntStream.range(0, 20).map(i -> i % 2).toArray();
    assertFault(new Partitioner.Iid(1), labels, 2, 21, "cannot deal 20 examples to 21 partitions");
    assertFault(new Partitioner.Dirichlet(1, 10, 1), labels, 2, 3, "too few for at least 10 each");
    assertFault(new Partitioner.Shard(7, 1), labels, 2, 3, "fewer examples than shards");
    int[] rare = IntStream.range(0, 20).map(i -> i == 0 ? 1 : 0).toArray();
    assertFault(new Partitioner.Pathological(2, 1), rare, 2, 3, "class 1 has 1 examples for 3");
    assertThatThrownBy(() -> new Partitioner.Iid(1).partition(new int[] {0, 5}, 2, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static int[][] dealt(Partitioner rule, int[] labels, int classes, int partitions) {
    int[][] dealt = rule.partition(labels, classes, partitions);
    assertThat(dealt).hasNumberOfRows(partitions);
    int[] all = Arrays.stream(dealt).flatMapToInt(Arrays::stream).sorted().toArray();
    assertThat(all).isEqualTo(IntStream.range(0, labels.length).toArray());
    assertThat(sizes(dealt).min().orElse(0)).isPositive();
    assertThat(rule.partition(labels, classes, partitions)).isDeepEqualTo(dealt);
    return dealt;
  }

  private static void assertFault(
      Partitioner rule, int[] labels, int classes, int partitions, String message) {
    assertThatThrownBy(() -> rule.partition(labels, classes, partitions))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message);
  }

  private static double largestShare(Partitioner rule, int[] labels) {
    int[] partition = rule.partition(labels, 10, 5)[0];
    long[] counts = new long[10];
    Arrays.stream(partition).forEach(i -> counts[labels[i]]++);
    return Arrays.stream(counts).max().orElse(0) / (double) partition.length;
  }

  private static int largest(int[][] dealt) {
    return sizes(dealt).max().orElse(0);
  }

  private static IntStream sizes(int[][] dealt) {
    return Arrays.stream(dealt).mapToInt(partition -> partition.length);
  }

  private static long classes(int[] partition, int[] labels) {
    return Arrays.stream(partition).map(i -> labels[i]).distinct().count();
  }

  private static int[] labels(int count, int classes, long seed) {
    return new Random(seed).ints(count, 0, classes).toArray();
  }
}

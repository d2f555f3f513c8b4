package io.neurograft.neural.data;

import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.InvalidInputException;

/**
 * A rule by which examples are dealt out to sites, under the names that users know from Flower
 * Datasets. Every example goes to exactly one partition. The same rule deals the same labels the
 * same way on every machine.
 */
public sealed interface Partitioner {
  /** The seed that the dealing depends on. */
  long seed();

  /**
   * Deals out examples.
   *
   * @param labels the class of every example, from 0 to {@code classes - 1}
   * @param partitions the number of partitions, at least 1
   * @return for each partition the indices of its examples, shuffled; none is empty
   * @throws InvalidInputException if these examples cannot be dealt out by this rule
   */
  int[][] partition(int[] labels, int classes, int partitions);

  /**
   * Reads a bare word ({@code iid}) or a mapping that has one of the words {@code iid}, {@code
   * dirichlet}, {@code shard}, {@code pathological} as a key, such as {@code {dirichlet: {alpha:
   * 0.3, min-partition-size: 10, seed: 42}}}. Further keys of the mapping are left to the caller.
   */
  static Partitioner from(ConfigNode node) {
    return PartitionerReader.read(node);
  }

  /** Examples dealt out evenly and blindly; sizes differ by one at most. */
  record Iid(long seed) implements Partitioner {
    @Override
    public int[][] partition(int[] labels, int classes, int partitions) {
      return IidDealing.deal(new Deck(this, labels, classes, partitions));
    }
  }

  /**
   * For each class the partitions' shares are drawn from a symmetric Dirichlet distribution
   * (Yurochkin et al. 2019). All shares are drawn again, a bounded number of times, while a
   * partition is too small.
   *
   * @param alpha above 0; small values give each class to few partitions, large ones are nearly iid
   * @param minPartitionSize the fewest examples of a partition, at least 1
   * @param selfBalancing whether a partition that has more than its even share of all examples gets
   *     nothing of the classes that follow
   */
  record Dirichlet(double alpha, int minPartitionSize, boolean selfBalancing, long seed)
      implements Partitioner {
    public Dirichlet {
      if (!(alpha > 0) || Double.isInfinite(alpha)) {
        throw new IllegalArgumentException("alpha: expected a number above 0, found " + alpha);
      }
      atLeastOne("minPartitionSize", minPartitionSize);
    }

    /** Without balancing, as is Flower's default. */
    public Dirichlet(double alpha, int minPartitionSize, long seed) {
      this(alpha, minPartitionSize, false, seed);
    }

    @Override
    public int[][] partition(int[] labels, int classes, int partitions) {
      return DirichletDealing.deal(this, new Deck(this, labels, classes, partitions));
    }
  }

  /**
   * Examples sorted by class are cut into shards of equal size (to one example), which are dealt
   * out blindly (McMahan et al. 2017).
   *
   * @param shardsPerPartition at least 1
   */
  record Shard(int shardsPerPartition, long seed) implements Partitioner {
    public Shard {
      atLeastOne("shardsPerPartition", shardsPerPartition);
    }

    @Override
    public int[][] partition(int[] labels, int classes, int partitions) {
      return ShardDealing.deal(this, new Deck(this, labels, classes, partitions));
    }
  }

  /**
   * Each partition gets examples of a fixed number of classes; the partitions that share a class
   * share its examples evenly (Li et al. 2022). Unlike Flower's, no class is left out: classes are
   * dealt like cards, all of them once before any comes again.
   *
   * @param classesPerPartition at least 1
   */
  record Pathological(int classesPerPartition, long seed) implements Partitioner {
    public Pathological {
      atLeastOne("classesPerPartition", classesPerPartition);
    }

    @Override
    public int[][] partition(int[] labels, int classes, int partitions) {
      return PathologicalDealing.deal(this, new Deck(this, labels, classes, partitions));
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": expected at least 1, found " + value);
    }
  }
}

package io.neurograft.fusion.interpolate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Agglomerative clustering of weighted units on a Gram matrix (Ward, 1963): every unit begins as a
 * cluster of its own, and those two are merged whose merge adds least to the weighted squared
 * distance to the centroids, {@code s_i s_j / (s_i + s_j) |z_i - z_j|^2}. What two merged clusters
 * would cost with a third follows from what each of them would (Lance and Williams, 1967), so the
 * Gram matrix is read once.
 *
 * <p>O(N^2) operations: a chain of nearest neighbours ends in two clusters that are each other's,
 * and merging these first changes nothing in the tree (Murtagh, 1983).
 */
final class Ward {
  private static final int NONE = -1;

  private final int size;
  private final double[] costs; // of merging two clusters (N x N)
  private final double[] mass;
  private final boolean[] merged; // into a cluster of a smaller number
  private final int[] into; // by merge: the cluster that grows
  private final int[] from; // by merge: the cluster that ends
  private final double[] height; // by merge: what it cost
  private int merges;

  private Ward(double[] gram, double[] weights) {
    this.size = weights.length;
    this.costs = new double[size * size];
    this.mass = weights.clone();
    this.merged = new boolean[size];
    this.into = new int[size];
    this.from = new int[size];
    this.height = new double[size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j < size; j++) {
        double distance = gram[i * size + i] - 2 * gram[i * size + j] + gram[j * size + j];
        costs[i * size + j] =
            weights[i] * weights[j] / (weights[i] + weights[j]) * Math.max(0, distance);
      }
    }
  }

  /**
   * The cluster of each unit.
   *
   * @param count the number of clusters, from 1 to N
   */
  static int[] clusters(double[] gram, double[] weights, int count) {
    Ward tree = new Ward(gram, weights);
    tree.grow();
    return tree.cut(count);
  }

  /** Merges until one cluster is left. */
  private void grow() {
    int[] chain = new int[size];
    int length = 0;
    int first = 0;
    while (merges < size - 1) {
      if (length == 0) {
        while (merged[first]) {
          first++;
        }
        chain[length++] = first;
      }
      int last = chain[length - 1];
      int before = length > 1 ? chain[length - 2] : NONE;
      int nearest = nearest(last, before);
      if (nearest == before) {
        length -= 2;
        merge(Math.min(last, before), Math.max(last, before));
      } else {
        chain[length++] = nearest;
      }
    }
  }

  /** The cluster that is cheapest to merge with; {@code preferred} where several are. */
  private int nearest(int cluster, int preferred) {
    int row = cluster * size;
    int nearest = preferred;
    for (int j = 0; j < size; j++) {
      if (!merged[j]
          && j != cluster
          && (nearest == NONE || costs[row + j] < costs[row + nearest])) {
        nearest = j;
      }
    }
    return nearest;
  }

  private void merge(int i, int j) {
    double cost = costs[i * size + j];
    into[merges] = i;
    from[merges] = j;
    height[merges++] = cost;
    merged[j] = true;
    for (int k = 0; k < size; k++) {
      if (!merged[k] && k != i) {
        double sum =
            (mass[i] + mass[k]) * costs[i * size + k]
                + (mass[j] + mass[k]) * costs[j * size + k]
                - mass[k] * cost;
        double least = Math.min(costs[i * size + k], costs[j * size + k]);
        // Never less than before, which rounding could make it: the chain relies on it.
        costs[i * size + k] = Math.max(least, sum / (mass[i] + mass[j] + mass[k]));
        costs[k * size + i] = costs[i * size + k];
      }
    }
    mass[i] += mass[j];
  }

  /**
   * Keeps the cheapest merges: the tree's edges, so that as many clusters are left as asked for.
   */
  private int[] cut(int count) {
    int[] parent = IntStream.range(0, size).toArray();
    IntStream.range(0, merges)
        .boxed()
        .sorted(Comparator.comparingDouble(merge -> height[merge]))
        .limit(size - count)
        .forEach(merge -> parent[root(parent, from[merge])] = root(parent, into[merge]));
    int[] name = new int[size];
    Arrays.fill(name, NONE);
    int[] cluster = new int[size];
    int next = 0;
    for (int unit = 0; unit < size; unit++) {
      int root = root(parent, unit);
      if (name[root] == NONE) {
        name[root] = next++;
      }
      cluster[unit] = name[root];
    }
    return cluster;
  }

  private static int root(int[] parent, int unit) {
    int at = unit;
    while (parent[at] != at) {
      at = parent[at];
    }
    return at;
  }
}

package io.neurograft.fusion.interpolate;

import io.neurograft.fusion.assignment.Assignment;
import io.neurograft.fusion.interpolate.Grouping.Grouped;
import io.neurograft.neural.collection.Clusters;

/**
 * Pairs the members' units one to one (NI section 3; section 4 of the design): member by member,
 * each unit joins the running centroid so that the cost of all merges is least. Merging unit j of
 * weight s into a cluster of mass S costs {@code S s / (S + s)} times the squared distance to its
 * centroid, by which the weighted squared distance to the centroids grows exactly.
 *
 * <p>O(N^2) operations for the costs, and an assignment of n units for each member but the first.
 */
final class Hungarian {
  private final double[] gram;
  private final double[] weights;
  private final int count;
  private final int size;
  private final int[] cluster;
  private final double[] mass; // S (n)
  private final double[] products; // (n x N): the weighted sum of the clusters' rows of G
  private final double[] lengths; // (n): the squared length of the clusters' weighted sums
  private double cost;

  private Hungarian(double[] gram, double[] weights, int count) {
    this.gram = gram;
    this.weights = weights;
    this.count = count;
    this.size = weights.length;
    this.cluster = new int[size];
    this.mass = new double[count];
    this.products = new double[count * size];
    this.lengths = new double[count];
  }

  /**
   * @param count the units of each member, which lie side by side, and of the fused network
   * @throws IllegalArgumentException if N is no multiple of n
   */
  static Grouped of(double[] gram, double[] weights, int count) {
    if (weights.length % count != 0) {
      throw new IllegalArgumentException(
          "expected members of %d units each, found %d in all".formatted(count, weights.length));
    }
    Hungarian run = new Hungarian(gram, weights, count);
    for (int i = 0; i < count; i++) {
      run.merge(i, i);
    }
    for (int first = count; first < weights.length; first += count) {
      run.join(first);
    }
    return new Grouped(Clusters.weighted(run.cluster, weights, count), run.cost);
  }

  /** Gives each unit of one member a cluster of its own. */
  private void join(int first) {
    double[] costs = new double[count * count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        costs[i * count + j] = mergeCost(i, first + j);
      }
    }
    int[] unit = Assignment.solve(costs, count);
    cost += Assignment.cost(costs, count, unit);
    for (int i = 0; i < count; i++) {
      merge(i, first + unit[i]);
    }
  }

  private double mergeCost(int i, int unit) {
    double distance =
        gram[unit * size + unit]
            - 2 * products[i * size + unit] / mass[i]
            + lengths[i] / (mass[i] * mass[i]);
    return mass[i] * weights[unit] / (mass[i] + weights[unit]) * Math.max(0, distance);
  }

  private void merge(int i, int unit) {
    double weight = weights[unit];
    lengths[i] +=
        2 * weight * products[i * size + unit] + weight * weight * gram[unit * size + unit];
    for (int j = 0; j < size; j++) {
      products[i * size + j] += weight * gram[unit * size + j];
    }
    mass[i] += weight;
    cluster[unit] = i;
  }
}

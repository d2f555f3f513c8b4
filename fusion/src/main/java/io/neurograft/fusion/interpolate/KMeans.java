package io.neurograft.fusion.interpolate;

import io.neurograft.fusion.interpolate.Grouping.Grouped;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Weighted K-means on a Gram matrix: units are points, and the squared distance of unit j to the
 * centroid of a cluster with shares a is {@code G_jj - 2 (G a)_j + a'G a}, so no example is ever
 * seen. Starts at farthest points, refills empty clusters, restarts with other first points and
 * keeps the best weighted cost. (NI section 3; section 4 of the design. The paper's code clusters
 * the activations themselves, whose number of rows grows with the examples.)
 *
 * <p>O(N^2) operations a step, independent of the number of rows.
 */
final class KMeans {
  /** Starts; the first is the heaviest unit, the others are seeded. */
  private static final int STARTS = 10;

  /** Only a stop against cycles of rounding: Lloyd steps settle after some tens. */
  private static final int MAX_STEPS = 300;

  /** A move must bring more than this part of the unit's squared length: rounding does not. */
  private static final double GAIN = 1e-12;

  private final int size;
  private final int count;
  private final double[] gram;
  private final double[] weights;
  private final int[] cluster;
  private final double[] distance; // of each unit to the centroid of its own cluster

  private KMeans(double[] gram, double[] weights, int count) {
    this.size = weights.length;
    this.count = count;
    this.gram = gram;
    this.weights = weights;
    this.cluster = new int[size];
    this.distance = new double[size];
  }

  static Grouped of(double[] gram, double[] weights, int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    KMeans best = run(gram, weights, count, heaviest(gram, weights));
    for (int start = 1; start < STARTS; start++) {
      KMeans other = run(gram, weights, count, random.nextInt(weights.length));
      if (other.cost() < best.cost()) {
        best = other;
      }
    }
    return new Grouped(Clusters.weighted(best.ordered(), weights, count), best.cost());
  }

  private static KMeans run(double[] gram, double[] weights, int count, int first) {
    KMeans run = new KMeans(gram, weights, count);
    run.startAtFarthestPoints(first);
    boolean moved = true;
    for (int step = 0; moved && step < MAX_STEPS; step++) {
      moved = run.step();
    }
    return run;
  }

  private static int heaviest(double[] gram, double[] weights) {
    int size = weights.length;
    int best = 0;
    for (int j = 1; j < size; j++) {
      if (weights[j] * gram[j * size + j] > weights[best] * gram[best * size + best]) {
        best = j;
      }
    }
    return best;
  }

  /**
   * Each next centre is the unit farthest from the centres so far. Distances are not weighted here:
   * that cost a quarter of a point with conductance scores on the MNIST fixtures.
   */
  private void startAtFarthestPoints(int first) {
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    boolean[] centre = new boolean[size];
    int next = first;
    for (int k = 0; k < count; k++) {
      centre[next] = true;
      for (int j = 0; j < size; j++) {
        double d = j == next ? 0 : between(j, next);
        if (j == next || (!centre[j] && d < distance[j])) {
          distance[j] = d;
          cluster[j] = k;
        }
      }
      next = -1;
      for (int j = 0; j < size; j++) {
        if (!centre[j] && (next < 0 || distance[j] > distance[next])) {
          next = j;
        }
      }
    }
  }

  private double between(int i, int j) {
    double d = gram[i * size + i] - 2 * gram[i * size + j] + gram[j * size + j];
    return Math.max(0, d);
  }

  /** One Lloyd step: centroids of the clusters, then each unit to its nearest. */
  private boolean step() {
    Clusters now = Clusters.weighted(cluster, weights, count);
    double[] products = products(now); // (n x N) = A'G
    double[] lengths = lengths(now, products); // (n) = diag A'GA
    boolean moved = false;
    for (int j = 0; j < size; j++) {
      int own = cluster[j];
      int nearest = own;
      double least = distance(j, own, products, lengths);
      double gain = GAIN * gram[j * size + j];
      for (int k = 0; k < count; k++) {
        double d = distance(j, k, products, lengths);
        if (d < least - gain) {
          least = d;
          nearest = k;
        }
      }
      distance[j] = Math.max(0, least);
      cluster[j] = nearest;
      moved |= nearest != own;
    }
    if (moved) {
      refill();
    }
    return moved;
  }

  private double distance(int j, int k, double[] products, double[] lengths) {
    return gram[j * size + j] - 2 * products[k * size + j] + lengths[k];
  }

  private double[] products(Clusters now) {
    double[] products = new double[count * size];
    for (int i = 0; i < size; i++) {
      int to = cluster[i] * size;
      double share = now.share(i);
      for (int j = 0; j < size; j++) {
        products[to + j] += share * gram[i * size + j];
      }
    }
    return products;
  }

  private double[] lengths(Clusters now, double[] products) {
    double[] lengths = new double[count];
    for (int i = 0; i < size; i++) {
      lengths[cluster[i]] += now.share(i) * products[cluster[i] * size + i];
    }
    return lengths;
  }

  /** Gives each empty cluster the unit of the largest error whose own cluster keeps another. */
  private void refill() {
    int[] members = new int[count];
    for (int k : cluster) {
      members[k]++;
    }
    for (int k = 0; k < count; k++) {
      if (members[k] == 0) {
        int worst = -1;
        for (int j = 0; j < size; j++) {
          if (members[cluster[j]] > 1
              && (worst < 0 || weights[j] * distance[j] > weights[worst] * distance[worst])) {
            worst = j;
          }
        }
        members[cluster[worst]]--;
        members[k]++;
        cluster[worst] = k;
        distance[worst] = 0;
      }
    }
  }

  /** The weighted squared distance of the units to their centroids. */
  private double cost() {
    double cost = 0;
    for (int j = 0; j < size; j++) {
      cost += weights[j] * distance[j];
    }
    return cost;
  }

  /** The clusters renumbered by their first unit, so that equal partitions have equal names. */
  private int[] ordered() {
    int[] name = new int[count];
    Arrays.fill(name, -1);
    int[] ordered = new int[size];
    int next = 0;
    for (int j = 0; j < size; j++) {
      if (name[cluster[j]] < 0) {
        name[cluster[j]] = next++;
      }
      ordered[j] = name[cluster[j]];
    }
    return ordered;
  }
}

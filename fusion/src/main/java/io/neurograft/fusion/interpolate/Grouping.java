package io.neurograft.fusion.interpolate;

import io.neurograft.neural.collection.Clusters;

/** How the members' units of a group become the fused network's units (section 4 of the design). */
public enum Grouping {
  /** Keep the units whose post-activations span the others best: {@link Selection}. */
  SELECT(true) {
    @Override
    Grouped of(double[] gram, double[] weights, int count) {
      return Selection.of(gram, weights, count);
    }
  },
  /** Weighted centroids of the pre-activations: {@link KMeans}. */
  KMEANS(false) {
    @Override
    Grouped of(double[] gram, double[] weights, int count) {
      return KMeans.of(gram, weights, count);
    }
  },
  /** One unit of each member, matched by their pre-activations: {@link Hungarian}. */
  HUNGARIAN(false) {
    @Override
    Grouped of(double[] gram, double[] weights, int count) {
      return Hungarian.of(gram, weights, count);
    }
  };

  private final boolean activated;

  Grouping(boolean activated) {
    this.activated = activated;
  }

  /** Whether the Gram matrix is that of post-activations; of pre-activations otherwise. */
  public boolean activated() {
    return activated;
  }

  /**
   * Groups N units into n.
   *
   * @param gram the Gram matrix of the units' activations (N x N), row by row, symmetric
   * @param weights the importance of each unit, above 0
   * @param count the number of fused units n
   * @throws IllegalArgumentException if the members together have fewer units than the fused
   *     network
   */
  public Grouped group(double[] gram, double[] weights, int count) {
    if (weights.length < count) {
      throw new IllegalArgumentException(
          "expected at least " + count + " units, found " + weights.length);
    }
    return of(gram, weights, count);
  }

  abstract Grouped of(double[] gram, double[] weights, int count);

  /**
   * A grouping and its error.
   *
   * @param clusters the cluster matrix
   * @param error the weighted squared distance between the units and what stands for them, summed
   *     over the rows: for K-means and Hungarian the centroid, for a selection the projection of
   *     the unit's post-activations onto those of the selected units
   */
  public record Grouped(Clusters clusters, double error) {}
}

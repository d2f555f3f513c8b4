package io.neurograft.fusion.interpolate;

import io.neurograft.fusion.interpolate.Grouping.Grouped;
import java.util.Arrays;

/**
 * Greedy column subset selection: keeps those n of N units whose post-activations H span the others
 * best. It is a Cholesky factorisation of {@code H'H} whose pivot is the column j with the largest
 * {@code w' (R_:j)^2 / R_jj}: the weighted squared error that the column takes away. (Section 4 of
 * the design, the project's own; neither paper selects.)
 *
 * <p>O(N^2 n) operations, independent of the number of rows.
 */
final class Selection {
  /** A column with less than this part of its own length left is spanned up to rounding. */
  private static final double SPANNED = 1e-6;

  private final int size;
  private final double[] weights;
  private final double[] residual;
  private final double[] squares; // w' R^2 by column
  private final double[] floor;
  private final boolean[] chosen;

  private Selection(double[] gram, double[] weights) {
    this.size = weights.length;
    this.weights = weights;
    this.residual = gram.clone();
    this.squares = new double[size];
    this.floor = new double[size];
    this.chosen = new boolean[size];
    for (int j = 0; j < size; j++) {
      floor[j] = SPANNED * gram[j * size + j];
    }
    subtract(new double[size]);
  }

  static Grouped of(double[] gram, double[] weights, int count) {
    Selection selection = new Selection(gram, weights);
    int[] units = new int[count];
    for (int step = 0; step < count; step++) {
      int pivot = selection.pivot();
      units[step] = pivot;
      selection.chosen[pivot] = true;
      selection.deflate(pivot);
    }
    // In the members' own order, so that a fused unit is found again by eye.
    Arrays.sort(units);
    return new Grouped(Clusters.singletons(units, weights.length), selection.error());
  }

  /** The column that explains most; where all are spanned, the heaviest that is left. */
  private int pivot() {
    int best = -1;
    for (int j = 0; j < size; j++) {
      if (!chosen[j] && left(j) > floor[j] && (best < 0 || gain(j) > gain(best))) {
        best = j;
      }
    }
    if (best >= 0) {
      return best;
    }
    for (int j = 0; j < size; j++) {
      if (!chosen[j] && (best < 0 || weights[j] * floor[j] > weights[best] * floor[best])) {
        best = j;
      }
    }
    return best;
  }

  /** {@code w' (R_:j)^2 / R_jj}. */
  private double gain(int j) {
    return squares[j] / left(j);
  }

  /** {@code R -= r r'} with {@code r = R_:j / sqrt(R_jj)}, where the column has something left. */
  private void deflate(int pivot) {
    double length = left(pivot);
    if (length <= floor[pivot]) {
      return;
    }
    double[] r = new double[size];
    double scale = 1 / Math.sqrt(length);
    for (int i = 0; i < size; i++) {
      r[i] = residual[pivot * size + i] * scale;
    }
    subtract(r);
  }

  /** {@code R -= r r'} and {@code squares = w' R^2} in one pass over the matrix. */
  private void subtract(double[] r) {
    Arrays.fill(squares, 0);
    for (int i = 0; i < size; i++) {
      int row = i * size;
      double ri = r[i];
      double weight = weights[i];
      for (int j = 0; j < size; j++) {
        double left = residual[row + j] - ri * r[j];
        residual[row + j] = left;
        squares[j] += weight * left * left;
      }
    }
  }

  private double left(int j) {
    return residual[j * size + j];
  }

  private double error() {
    double error = 0;
    for (int j = 0; j < size; j++) {
      error += weights[j] * Math.max(0, left(j));
    }
    return error;
  }
}

package io.neurograft.fusion.interpolate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The columns of a residual matrix R from which a {@link Selection} takes its next pivots. Only
 * these columns follow each pivot. The list is good as long as its best column takes away more than
 * the best of those left out did when it was made.
 */
final class Shortlist {
  /** Directions that one pass over the matrix takes away. */
  private static final int MOST = 32;

  private final int[] columns;
  private final double[][] residual; // R_:j of each column
  private final double[] weights;
  private final double[] floor;
  private final double[] squares; // w' (R_:j)^2; below 0 once the column is taken
  private final List<double[]> directions = new ArrayList<>();

  /**
   * @param columns which, in descending order of what they take away; the first has more than its
   *     floor left
   * @param residual gives {@code R_:j}, the caller's to change
   * @param weights w
   * @param floor how much of each column of R is none, by its diagonal entry
   */
  Shortlist(int[] columns, IntFunction<double[]> residual, double[] weights, double[] floor) {
    this.columns = columns;
    this.weights = weights;
    this.floor = floor;
    this.residual = new double[columns.length][];
    this.squares = new double[columns.length];
    for (int k = 0; k < columns.length; k++) {
      this.residual[k] = residual.apply(columns[k]);
      squares[k] = square(this.residual[k]);
    }
  }

  /**
   * Takes pivots, at least one.
   *
   * @param most how many at most
   * @param bar what a column that is not listed would take away
   */
  int[] take(int most, double bar) {
    List<Integer> taken = new ArrayList<>();
    int best = best();
    while (best >= 0
        && (taken.isEmpty() || gain(best) >= bar)
        && taken.size() < Math.min(most, MOST)) {
      taken.add(columns[best]);
      squares[best] = -1;
      deflate(best);
      best = best();
    }
    return taken.stream().mapToInt(Integer::intValue).toArray();
  }

  /** {@code r = R_:j / sqrt(R_jj)} of each pivot j that was taken. */
  double[][] directions() {
    return directions.toArray(double[][]::new);
  }

  private int best() {
    int best = -1;
    for (int k = 0; k < columns.length; k++) {
      if (squares[k] >= 0 && left(k) > floor[columns[k]] && (best < 0 || gain(k) > gain(best))) {
        best = k;
      }
    }
    return best;
  }

  private double gain(int k) {
    return squares[k] / left(k);
  }

  private double left(int k) {
    return residual[k][columns[k]];
  }

  private void deflate(int pivot) {
    double scale = 1 / Math.sqrt(left(pivot));
    double[] r = residual[pivot];
    for (int i = 0; i < r.length; i++) {
      r[i] *= scale;
    }
    directions.add(r);
    for (int k = 0; k < columns.length; k++) {
      if (squares[k] >= 0) {
        double[] column = residual[k];
        double along = r[columns[k]];
        for (int i = 0; i < r.length; i++) {
          column[i] -= along * r[i];
        }
        squares[k] = square(column);
      }
    }
  }

  private double square(double[] column) {
    double sum = 0;
    for (int i = 0; i < column.length; i++) {
      sum += weights[i] * column[i] * column[i];
    }
    return sum;
  }
}

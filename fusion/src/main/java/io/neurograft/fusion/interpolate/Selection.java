package io.neurograft.fusion.interpolate;

import io.neurograft.fusion.interpolate.Grouping.Grouped;
import io.neurograft.neural.collection.Clusters;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Greedy column subset selection: keeps those n of N units whose post-activations H span the others
 * best. It is a Cholesky factorisation of {@code H'H} whose pivot is the column j with the largest
 * {@code w' (R_:j)^2 / R_jj}: the weighted squared error that the column takes away. (Section 4 of
 * the design, the project's own; neither paper selects.)
 *
 * <p>Pivots are taken from a {@link Shortlist} of the best columns, which is kept up to date after
 * each pivot; the whole matrix follows once for all pivots of a shortlist. So of more than 256
 * units a column outside the list that gains by a pivot, which is rare, waits for the next list.
 * O(N^2 n) operations, independent of the number of rows, most of them close to each other in
 * memory.
 */
final class Selection {
  /** A column with less than this part of its own length left is spanned up to rounding. */
  private static final double SPANNED = 1e-6;

  private static final int SHORTLIST = 256;

  private final int size;
  private final int listed;
  private final double[] weights;
  private final double[] residual; // R, its upper triangle
  private final double[] squares; // w' R^2 by column
  private final double[] floor;
  private final boolean[] chosen;

  private Selection(double[] gram, double[] weights, int listed) {
    this.size = weights.length;
    this.listed = listed;
    this.weights = weights;
    this.residual = gram.clone();
    this.squares = new double[size];
    this.floor = new double[size];
    this.chosen = new boolean[size];
    for (int j = 0; j < size; j++) {
      floor[j] = SPANNED * left(j);
    }
    subtract(new double[0][]);
  }

  static Grouped of(double[] gram, double[] weights, int count) {
    return of(gram, weights, weights.length, count, SHORTLIST);
  }

  /**
   * Keeps the units that span labels, and each other, best.
   *
   * @param gram of the units and the one-hot labels behind them
   * @param weights of the units
   */
  static Grouped labelled(double[] gram, double[] weights, int count) {
    LabelledGram labelled = LabelledGram.of(gram, weights);
    Grouped grouped = of(labelled.matrix(), labelled.weights(), weights.length, count, SHORTLIST);
    return new Grouped(grouped.clusters(), grouped.error() / (1 - LabelledGram.SHARE));
  }

  /**
   * @param candidates how many columns, from the first on, may be kept
   * @param listed the columns of a shortlist, at least one
   */
  static Grouped of(double[] gram, double[] weights, int candidates, int count, int listed) {
    Selection selection = new Selection(gram, weights, listed);
    Arrays.fill(selection.chosen, candidates, weights.length, true);
    int[] units = new int[count];
    int taken = 0;
    while (taken < count) {
      int[] best = selection.next(count - taken);
      System.arraycopy(best, 0, units, taken, best.length);
      taken += best.length;
    }
    // In the members' own order, so that a fused unit is found again by eye.
    Arrays.sort(units);
    return new Grouped(Clusters.singletons(units, candidates), selection.error(candidates));
  }

  /** The next pivots, at least one and at most so many. */
  private int[] next(int most) {
    int[] ranked = ranked();
    int[] best = {heaviest()};
    if (ranked.length > 0) {
      double bar = ranked.length > listed ? gain(ranked[listed]) : 0;
      int[] columns = Arrays.copyOf(ranked, Math.min(listed, ranked.length));
      Shortlist list = new Shortlist(columns, this::column, weights, floor);
      best = list.take(most, bar);
      subtract(list.directions());
    }
    for (int unit : best) {
      chosen[unit] = true;
    }
    return best;
  }

  /** The columns that have something left, by what they take away. */
  private int[] ranked() {
    return IntStream.range(0, size)
        .filter(j -> !chosen[j] && left(j) > floor[j])
        .boxed()
        .sorted(Comparator.comparingDouble((Integer j) -> -gain(j)))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Where all columns are spanned, those go first that were long. */
  private int heaviest() {
    int best = -1;
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

  /** {@code R_:j}. */
  private double[] column(int j) {
    double[] column = new double[size];
    for (int i = 0; i < j; i++) {
      column[i] = residual[i * size + j];
    }
    System.arraycopy(residual, j * size + j, column, j, size - j);
    return column;
  }

  /** {@code R -= sum of r r'} and {@code squares = w' R^2} in one pass over the matrix. */
  private void subtract(double[][] directions) {
    Arrays.fill(squares, 0);
    // A row by itself, so that all arrays have one index: the compiler then works on several at
    // once.
    double[] line = new double[size];
    for (int i = 0; i < size; i++) {
      System.arraycopy(residual, i * size + i, line, i, size - i);
      for (double[] r : directions) {
        double ri = r[i];
        for (int j = i; j < size; j++) {
          line[j] -= ri * r[j];
        }
      }
      System.arraycopy(line, i, residual, i * size + i, size - i);
      double weight = weights[i];
      double own = 0;
      for (int j = i + 1; j < size; j++) {
        squares[j] += weight * line[j] * line[j];
      }
      for (int j = i + 1; j < size; j++) {
        own += weights[j] * line[j] * line[j];
      }
      squares[i] += own + weight * line[i] * line[i];
    }
  }

  private double left(int j) {
    return residual[j * size + j];
  }

  private double error(int candidates) {
    double error = 0;
    for (int j = 0; j < candidates; j++) {
      error += weights[j] * Math.max(0, left(j));
    }
    return error;
  }
}

package io.neurograft.fusion.assignment;

import java.util.Arrays;

/**
 * The linear assignment problem, solved exactly: shortest augmenting paths on reduced costs after a
 * column reduction (Jonker and Volgenant, 1987), with the dense path search of Crouse (2016). Takes
 * O(n^3) at worst. Equal costs give equal assignments, ties included.
 */
public final class Assignment {
  private static final int NONE = -1;

  private final double[] cost;
  private final int n;
  private final double[] rowPotential;
  private final double[] columnPotential;
  private final int[] columnOf;
  private final int[] rowOf;

  // one path search
  private final double[] distance; // of each column from the free row
  private final int[] before; // the row from which a column was reached
  private final int[] open; // columns that are not yet settled, in no order
  private int settled; // they are open[n - settled ..]

  private Assignment(double[] cost, int n) {
    this.cost = cost;
    this.n = n;
    rowPotential = new double[n];
    columnPotential = new double[n];
    columnOf = new int[n];
    rowOf = new int[n];
    distance = new double[n];
    before = new int[n];
    open = new int[n];
    Arrays.fill(columnOf, NONE);
    Arrays.fill(rowOf, NONE);
  }

  /**
   * Gives each row its own column, so that the sum of their costs is least.
   *
   * @param cost n x n, row by row; finite, of any sign
   * @return the column of each row (n)
   * @throws IllegalArgumentException if the matrix is not n x n or holds a value that is not finite
   */
  public static int[] solve(double[] cost, int n) {
    if (n < 0 || cost.length != (long) n * n) {
      throw new IllegalArgumentException(
          "expected %d x %d costs, found %d".formatted(n, n, cost.length));
    }
    for (int i = 0; i < cost.length; i++) {
      if (!Double.isFinite(cost[i])) {
        throw new IllegalArgumentException(
            "expected finite costs, found %s in row %d, column %d"
                .formatted(cost[i], i / n, i % n));
      }
    }
    Assignment assignment = new Assignment(cost, n);
    assignment.reduceColumns();
    for (int row = 0; row < n; row++) {
      if (assignment.columnOf[row] == NONE) {
        assignment.augment(row);
      }
    }
    return assignment.columnOf;
  }

  /** The sum of the costs of an assignment. */
  public static double cost(double[] cost, int n, int[] columns) {
    double sum = 0;
    for (int row = 0; row < n; row++) {
      sum += cost[row * n + columns[row]];
    }
    return sum;
  }

  /**
   * Takes each column's least cost off, and gives the column to its cheapest row if that is free.
   */
  private void reduceColumns() {
    int[] cheapest = new int[n];
    for (int column = 0; column < n; column++) {
      columnPotential[column] = cost[column];
    }
    for (int row = 1; row < n; row++) {
      for (int column = 0; column < n; column++) {
        if (cost[row * n + column] < columnPotential[column]) {
          columnPotential[column] = cost[row * n + column];
          cheapest[column] = row;
        }
      }
    }
    for (int column = 0; column < n; column++) {
      if (columnOf[cheapest[column]] == NONE) {
        pair(cheapest[column], column);
      }
    }
  }

  private void pair(int row, int column) {
    columnOf[row] = column;
    rowOf[column] = row;
  }

  /** Finds the shortest alternating path from a free row to a free column, and swaps along it. */
  private void augment(int free) {
    int end = search(free);
    double length = distance[end];
    rowPotential[free] += length;
    for (int i = n - settled; i < n; i++) {
      int column = open[i];
      columnPotential[column] -= length - distance[column];
      if (column != end) {
        rowPotential[rowOf[column]] += length - distance[column];
      }
    }
    int column = end;
    while (column != NONE) {
      int row = before[column];
      int next = columnOf[row];
      pair(row, column);
      column = row == free ? NONE : next;
    }
  }

  /** Dijkstra's search over the columns; returns the nearest free one. */
  private int search(int free) {
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    Arrays.setAll(open, column -> column);
    settled = 0;
    int row = free;
    double reached = 0;
    while (true) {
      int nearest = relax(row, reached);
      int column = open[nearest];
      settled++;
      open[nearest] = open[n - settled];
      open[n - settled] = column;
      reached = distance[column];
      if (rowOf[column] == NONE) {
        return column;
      }
      row = rowOf[column];
    }
  }

  /** Shortens paths by a row's edges; returns where among the open columns the nearest one is. */
  private int relax(int row, double reached) {
    double base = reached - rowPotential[row];
    int nearest = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < n - settled; i++) {
      int column = open[i];
      double through = base + cost[row * n + column] - columnPotential[column];
      if (through < distance[column]) {
        distance[column] = through;
        before[column] = row;
      }
      if (distance[column] < least || (distance[column] == least && rowOf[column] == NONE)) {
        least = distance[column];
        nearest = i;
      }
    }
    return nearest;
  }
}

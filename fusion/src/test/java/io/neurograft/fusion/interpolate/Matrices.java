package io.neurograft.fusion.interpolate;

import java.util.Random;

/** Matrices for tests: rows of activations, and what moments make of them. */
final class Matrices {
  private Matrices() {}

  /** A (rows x columns) matrix of normal variates. */
  static double[][] normal(int rows, int columns, long seed) {
    Random random = new Random(seed);
    double[][] z = new double[rows][columns];
    for (double[] row : z) {
      for (int j = 0; j < columns; j++) {
        row[j] = random.nextGaussian();
      }
    }
    return z;
  }

  static double[][] relu(double[][] z) {
    double[][] h = new double[z.length][];
    for (int i = 0; i < z.length; i++) {
      h[i] = java.util.Arrays.stream(z[i]).map(v -> Math.max(0, v)).toArray();
    }
    return h;
  }

  static double[] weights(int size, long seed) {
    return new Random(seed).doubles(size, 0.1, 2).toArray();
  }

  /** {@code Z'Z}, row by row. */
  static double[] gram(double[][] z) {
    int n = z[0].length;
    double[] gram = new double[n * n];
    for (double[] row : z) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          gram[i * n + j] += row[i] * row[j];
        }
      }
    }
    return gram;
  }

  static double[] column(double[][] z, int j) {
    double[] column = new double[z.length];
    for (int i = 0; i < z.length; i++) {
      column[i] = z[i][j];
    }
    return column;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}

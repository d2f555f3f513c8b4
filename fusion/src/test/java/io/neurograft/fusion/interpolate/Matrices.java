package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.NetworkSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;

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

  /** Random scores of a chain's units. */
  static Scores scores(NetworkSpec spec, long seed) {
    Random random = new Random(seed);
    List<List<Float>> levels = new ArrayList<>();
    for (int level = 0; level < spec.levelCount(); level++) {
      levels.add(random.doubles(spec.units(level), 0.1, 2).mapToObj(v -> (float) v).toList());
    }
    return new Scores(levels);
  }

  static double[][] rows(NDArray x) {
    double[][] rows = new double[(int) x.getShape().get(0)][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = x.get(i).toType(DataType.FLOAT64, false).toDoubleArray();
    }
    return rows;
  }

  static double[] concat(double[] a, double[] b) {
    return DoubleStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
  }
}

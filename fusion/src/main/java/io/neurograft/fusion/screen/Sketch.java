package io.neurograft.fusion.screen;

import ai.djl.ndarray.NDArray;
import io.neurograft.neural.network.Weights;
import java.util.Map;

/**
 * A network's weights in a few numbers, so that all pairs of many members can be compared: each
 * weight is added, with a sign, to one of the numbers, both drawn by its place (the count sketch of
 * Charikar, Chen and Farach-Colton, 2002). Inner products are kept but for an error of about {@code
 * 1 / sqrt(SIZE)} of the norms. Vectors stay out: those of a BatchNorm are alike in all networks.
 */
final class Sketch {
  static final int SIZE = 4096;

  private final double[] sums;
  private final double norm;

  private Sketch(double[] sums) {
    this.sums = sums;
    this.norm = Math.sqrt(inner(sums, sums));
  }

  static Sketch of(Weights weights) {
    double[] sums = new double[SIZE];
    long place = 0;
    for (Map.Entry<String, NDArray> entry : weights.all().entrySet()) {
      if (entry.getValue().getShape().dimension() > 1) {
        for (float value : entry.getValue().toFloatArray()) {
          long drawn = mix(place++);
          int to = (int) (drawn & (SIZE - 1));
          sums[to] += drawn < 0 ? -value : value;
        }
      }
    }
    return new Sketch(sums);
  }

  /** The cosine of two networks' weights, from -1 to 1; 0 where one has none but zeros. */
  double cosine(Sketch other) {
    double norms = norm * other.norm;
    return norms > 0 ? inner(sums, other.sums) / norms : 0;
  }

  private static double inner(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  // The finaliser of SplitMix64: neighbouring places give unrelated numbers.
  private static long mix(long value) {
    long z = (value + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}

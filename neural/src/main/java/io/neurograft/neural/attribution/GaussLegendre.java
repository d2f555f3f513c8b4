package io.neurograft.neural.attribution;

/** The nodes of Gauss-Legendre quadrature: the roots of a Legendre polynomial. */
final class GaussLegendre {
  private GaussLegendre() {}

  /** The nodes on the interval from 0 to 1, ascending, by Newton's iteration. */
  static double[] nodes(int count) {
    double[] nodes = new double[count];
    for (int i = 0; i < count; i++) {
      double x = -Math.cos(Math.PI * (i + 0.75) / (count + 0.5));
      double step;
      do {
        double p = 1; // P_k(x), by the three-term recurrence
        double before = 0;
        for (int k = 1; k <= count; k++) {
          double next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
          before = p;
          p = next;
        }
        double slope = count * (x * p - before) / (x * x - 1);
        step = p / slope;
        x -= step;
      } while (Math.abs(step) > 1e-15);
      nodes[i] = (1 + x) / 2;
    }
    return nodes;
  }
}

package io.neurograft.neural.data;

import java.util.Random;

/**
 * Random numbers of the Gamma distribution with scale 1, by the method of Marsaglia and Tsang (ACM
 * Transactions on Mathematical Software 26, 2000).
 */
final class Gamma {
  private Gamma() {}

  /**
   * The logarithm of a Gamma number, which stays finite where the number is too small for a double.
   *
   * @param shape above 0
   */
  static double logSample(double shape, Random random) {
    if (shape < 1) {
      // Their section 6: Gamma(a) is Gamma(a + 1) U^(1/a).
      double uniform = 1 - random.nextDouble(); // above 0
      return logSample(shape + 1, random) + StrictMath.log(uniform) / shape;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double root = 1 + c * x;
      if (root > 0) {
        double logV = 3 * StrictMath.log(root);
        double v = root * root * root;
        double logU = StrictMath.log(1 - random.nextDouble());
        if (logU < 0.5 * x * x + d - d * v + d * logV) {
          return StrictMath.log(d) + logV;
        }
      }
    }
  }
}

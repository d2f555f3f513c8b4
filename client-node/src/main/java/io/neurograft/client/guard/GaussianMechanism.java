package io.neurograft.client.guard;

import java.util.function.DoublePredicate;
import java.util.stream.DoubleStream;

/**
 * How private a sum with Gaussian noise is. An answer's mu is its L2 sensitivity divided by the
 * noise's standard deviation; it is private for every (epsilon, delta) with {@code delta >=
 * delta(epsilon, mu)}, and for no other (Balle and Wang, ICML 2018, Theorem 8). That is mu-Gaussian
 * differential privacy, in which answers add up exactly (Dong, Roth and Su 2019, Corollary 2), also
 * where each mu is chosen in view of earlier answers (Smith and Thakurta 2022).
 *
 * <p>With u = epsilon/mu - mu/2, v = epsilon/mu + mu/2, the normal density phi and Mills' ratio
 * R(x) = Phi(-x)/phi(x), the theorem's {@code Phi(-u) - exp(epsilon) Phi(-v)} is {@code phi(u)
 * (R(u) - R(v))}: nothing overflows, and small deltas keep their digits.
 */
public final class GaussianMechanism {
  private static final double STEP = 0.5;
  private static final int TERMS = 13;

  private GaussianMechanism() {}

  /**
   * The smallest delta of an answer, from 0 to 1.
   *
   * @param epsilon at least 0
   * @param mu at least 0; infinite for an exact answer
   */
  public static double delta(double epsilon, double mu) {
    if (mu == 0) {
      return 0;
    }
    if (mu == Double.POSITIVE_INFINITY) {
      return 1;
    }
    double u = epsilon / mu - mu / 2;
    double v = epsilon / mu + mu / 2;
    double density = Math.exp(-u * u / 2) / Math.sqrt(2 * Math.PI); // phi(u)
    double delta = u < 0 ? 1 - density * (mills(-u) + mills(v)) : density * (mills(u) - mills(v));
    return Math.max(delta, 0);
  }

  /**
   * The largest mu of answers that together are (epsilon, delta) private (Algorithm 1 of Balle and
   * Wang, which looks for the smallest sigma by bisection as well).
   *
   * @param epsilon at least 0
   * @param delta between 0 and 1, both excluded
   */
  public static double mu(double epsilon, double delta) {
    return last(mu -> delta(epsilon, mu) <= delta);
  }

  /**
   * The smallest epsilon of answers that are private with a delta; infinite for exact answers.
   *
   * @param mu of all answers together, at least 0
   * @param delta between 0 and 1, both excluded
   */
  public static double epsilon(double mu, double delta) {
    if (delta(0, mu) <= delta) {
      return 0;
    }
    if (mu == Double.POSITIVE_INFINITY) {
      return mu;
    }
    return Math.nextUp(last(epsilon -> delta(epsilon, mu) > delta));
  }

  /** The last number of at least 0 for which something holds that holds up to some point. */
  private static double last(DoublePredicate holds) {
    double low = 0;
    double high = 1;
    while (holds.test(high)) {
      low = high;
      high *= 2;
    }
    for (double mid = (low + high) / 2; mid > low && mid < high; mid = (low + high) / 2) {
      if (holds.test(mid)) {
        low = mid;
      } else {
        high = mid;
      }
    }
    return low;
  }

  /** The mu of several answers about the same data together: the root of the sum of squares. */
  public static double composed(DoubleStream mus) {
    return Math.sqrt(mus.map(mu -> mu * mu).sum());
  }

  /**
   * Mills' ratio Phi(-x)/phi(x) to 15 digits, for x of at least 0: the midpoint rule on {@code
   * exp(x^2) erfc(x) = 2x/pi} times the integral over t > 0 of {@code exp(-t^2)/(t^2 + x^2)},
   * corrected for the integrand's pole (Matta and Reichel, Mathematics of Computation 25, 1971).
   */
  static double mills(double x) {
    double y = x / Math.sqrt(2);
    double sum = 0;
    for (int n = 0; n < TERMS; n++) {
      double t = (n + 0.5) * STEP;
      sum += Math.exp(-t * t) / (t * t + y * y);
    }
    double scaled = 2 * STEP * y / Math.PI * sum;
    if (y < Math.PI / STEP) {
      scaled += 2 * Math.exp(y * y) / (1 + Math.exp(2 * Math.PI * y / STEP));
    }
    return Math.sqrt(Math.PI / 2) * scaled; // of exp(y^2) erfc(y)
  }
}

package io.neurograft.fusion.screen;

import java.util.Collection;
import java.util.Optional;

/** What is usual among the members of a cohort, of which most are taken to be honest. */
final class Median {
  /** Fewer than three have no majority that one could be compared to. */
  static final int MAJORITY = 3;

  private Median() {}

  /** The middle value; of an even number the geometric mean of the two, as ratios are compared. */
  static Optional<Double> of(Collection<? extends Number> values) {
    if (values.isEmpty()) {
      return Optional.empty();
    }
    double[] sorted = values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    double low = sorted[(sorted.length - 1) / 2];
    double high = sorted[sorted.length / 2];
    return Optional.of(low > 0 ? Math.sqrt(low * high) : (low + high) / 2);
  }
}

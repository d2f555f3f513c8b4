package io.neurograft.fusion.interpolate;

import java.util.OptionalDouble;

/**
 * How much closed-form fits are damped, as a part of the mean squared input. Where nothing is said
 * it follows from the number of examples: a fit to few is damped more, and one to labels, which
 * hold noise, more than one to what members give.
 *
 * @param fixed the same for all fits, from 0 to 1; empty to let it follow
 */
public record Ridge(OptionalDouble fixed) {
  /** It follows from the number of examples. */
  public static final Ridge AUTO = new Ridge(OptionalDouble.empty());

  /** One over this many examples: tried on the fixtures with 400, 2,000 and 20,000. */
  private static final double EXAMPLES = 20;

  private static final double MOST_FOR_UNITS = 0.01;
  private static final double MOST_FOR_LABELS = 0.1;

  public Ridge {
    if (fixed.isPresent() && !(fixed.getAsDouble() >= 0 && fixed.getAsDouble() <= 1)) {
      throw new IllegalArgumentException("expected a ridge from 0 to 1, found " + fixed);
    }
  }

  /** The same for all fits. */
  public static Ridge of(double fixed) {
    return new Ridge(OptionalDouble.of(fixed));
  }

  /** For a fit to what members give, of so many examples. */
  double forUnits(long examples) {
    return fixed.orElse(Math.min(MOST_FOR_UNITS, EXAMPLES / examples));
  }

  /** For a fit to labels of so many examples. */
  double forLabels(long examples) {
    return fixed.orElse(Math.min(MOST_FOR_LABELS, EXAMPLES / examples));
  }
}

package io.neurograft.neural.masking;

import io.neurograft.neural.config.InvalidInputException;

/**
 * Real numbers as whole multiples of {@code 2^-fractionBits}, so that sums are exact and masks can
 * be added modulo 2^64. Numbers are checked before they are encoded: a masked sum that wrapped
 * would be wrong without a sign of it.
 *
 * @param fractionBits 0 to 40
 * @param summands how many sites' numbers are added, at least 1
 */
public record FixedPoint(int fractionBits, int summands) {
  /** Steps of 6e-8, as fine as single precision at 1; three sites may send up to 1.8e11. */
  public static final int DEFAULT_FRACTION_BITS = 24;

  private static final int MAX_FRACTION_BITS = 40;

  /**
   * @throws InvalidInputException if a component is out of its range
   */
  public FixedPoint {
    if (fractionBits < 0 || fractionBits > MAX_FRACTION_BITS) {
      throw new InvalidInputException(
          "fixed point",
          "expected 0 to " + MAX_FRACTION_BITS + " fraction bits, found " + fractionBits);
    }
    if (summands < 1) {
      throw new InvalidInputException("fixed point", "expected a summand, found " + summands);
    }
  }

  /** What every number stays below in size: {@code 2^(63 - fractionBits) / summands}. */
  public double limit() {
    return Math.scalb(1.0, Long.SIZE - 1 - fractionBits) / summands;
  }

  /**
   * The nearest multiple of the step, of two as near the even one.
   *
   * @param value below {@link #limit()} in size
   * @param position where the value stands among those of the site, for the message
   * @throws InvalidInputException if the value is not finite or too large. The message does not
   *     show it: it may go to whom the value must not be told.
   */
  public long encode(double value, long position) {
    double steps = Math.rint(Math.scalb(value, fractionBits));
    // The second comparison is of whole numbers: as a double, the bound would be rounded up.
    if (Math.abs(steps) < 0x1p63 && Math.abs((long) steps) <= Long.MAX_VALUE / summands) {
      return (long) steps;
    }
    throw new InvalidInputException("value " + position, fault(value));
  }

  /**
   * Encodes all values, in their order.
   *
   * @throws InvalidInputException as {@link #encode(double, long)}
   */
  public long[] encode(double[] values) {
    long[] encoded = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      encoded[i] = encode(values[i], i);
    }
    return encoded;
  }

  /** The number that an encoded value or sum stands for; rounded where 53 bits do not hold it. */
  public double decode(long encoded) {
    return Math.scalb((double) encoded, -fractionBits);
  }

  /** Decodes all values, in their order. */
  public double[] decode(long[] encoded) {
    double[] values = new double[encoded.length];
    for (int i = 0; i < encoded.length; i++) {
      values[i] = decode(encoded[i]);
    }
    return values;
  }

  private String fault(double value) {
    if (!Double.isFinite(value)) {
      return "expected a finite number, found " + value;
    }
    return "expected a number below %.6g in size, so that the sum of %d fits with %d fraction bits"
            .formatted(limit(), summands, fractionBits)
        + "; use fewer fraction bits";
  }
}

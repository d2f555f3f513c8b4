package io.neurograft.neural.masking;

import io.neurograft.neural.config.InvalidInputException;
import java.util.HexFormat;

/**
 * Independent Gaussian numbers that follow from a secret seed alone: a stream of AES-256 in counter
 * mode through the transformation of Box and Muller. The same seed gives the same numbers.
 */
public final class GaussianNoise {
  private static final int SEED_BYTES = 32;
  private static final double UNIT = 0x1p-53;

  private final MaskStream stream;
  private final double deviation;
  private final long[] pair = new long[2];
  private double spare = Double.NaN;

  /**
   * @param seed 256 secret bits, in hexadecimal digits
   * @param deviation the standard deviation, above 0
   * @throws InvalidInputException if the seed is none
   */
  public GaussianNoise(String seed, double deviation) {
    byte[] key = HexFormat.of().parseHex(seed);
    if (key.length != SEED_BYTES || !(deviation > 0)) {
      throw new InvalidInputException(
          "noise", "expected a seed of 32 bytes and a deviation above 0");
    }
    this.stream = new MaskStream(key, true);
    this.deviation = deviation;
  }

  /** The standard deviation. */
  public double deviation() {
    return deviation;
  }

  /** The next number. */
  public double next() {
    if (!Double.isNaN(spare)) {
      double second = spare;
      spare = Double.NaN;
      return second;
    }
    pair[0] = 0;
    pair[1] = 0;
    stream.mask(pair, 0, 2);
    // From just above 0 to 1, so that the logarithm is finite.
    double radius = deviation * Math.sqrt(-2 * Math.log(((pair[0] >>> 11) + 1) * UNIT));
    double angle = 2 * Math.PI * ((pair[1] >>> 11) * UNIT);
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

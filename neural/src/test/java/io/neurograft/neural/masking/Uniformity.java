package io.neurograft.neural.masking;

import java.util.ArrayList;
import java.util.List;

/**
 * Tests of whether numbers are uniform over all 2^64 values and independent of their neighbours:
 * the counts of each byte's values, the count of ones, and the correlation of successive numbers.
 * Each test finds a fault in uniform numbers a few times in a million.
 */
final class Uniformity {
  private static final double SIGMAS = 5;

  private Uniformity() {}

  /** The tests that the numbers fail. */
  static List<String> faults(long[] numbers) {
    List<String> faults = new ArrayList<>();
    for (int place = 0; place < Long.BYTES; place++) {
      if (!near(chiSquare(numbers, place), 255, Math.sqrt(2 * 255))) {
        faults.add("byte " + place);
      }
    }
    double bits = Long.SIZE * (double) numbers.length;
    if (!near(ones(numbers), bits / 2, Math.sqrt(bits) / 2)) {
      faults.add("ones");
    }
    if (!near(correlation(numbers), 0, 1 / Math.sqrt(numbers.length))) {
      faults.add("correlation");
    }
    return faults;
  }

  /** False for no number too. */
  private static boolean near(double found, double mean, double deviation) {
    return Math.abs(found - mean) <= SIGMAS * deviation;
  }

  /** Of a byte's 256 values; 255 degrees of freedom, so variance 510. */
  private static double chiSquare(long[] numbers, int place) {
    long[] counts = new long[256];
    for (long number : numbers) {
      counts[(int) (number >>> (Byte.SIZE * place)) & 0xff]++;
    }
    double expected = numbers.length / 256.0;
    double sum = 0;
    for (long count : counts) {
      sum += (count - expected) * (count - expected) / expected;
    }
    return sum;
  }

  private static double ones(long[] numbers) {
    long ones = 0;
    for (long number : numbers) {
      ones += Long.bitCount(number);
    }
    return ones;
  }

  /** Between each number and the next; no number where all are equal. */
  private static double correlation(long[] numbers) {
    double mean = 0;
    for (long number : numbers) {
      mean += (double) number / numbers.length;
    }
    double products = 0;
    double squares = 0;
    for (int i = 0; i < numbers.length; i++) {
      double deviation = numbers[i] - mean;
      squares += deviation * deviation;
      products += deviation * (numbers[(i + 1) % numbers.length] - mean);
    }
    return products / squares;
  }
}

package io.neurograft.fusion.transplant;

/**
 * Deals places out in proportion to weights, in whole numbers that sum exactly: Webster's method,
 * which gives each place to whom it leaves farthest below its proportion.
 */
final class Apportionment {
  private Apportionment() {}

  /**
   * Deals out.
   *
   * @param places how many; at most the sum of the caps
   * @param weights above 0
   * @param caps the most that each can take
   * @return how many each gets; of equals the first is served first
   */
  static int[] of(int places, int[] weights, int[] caps) {
    int[] parts = new int[weights.length];
    for (int place = 0; place < places; place++) {
      int next = -1;
      for (int i = 0; i < weights.length; i++) {
        if (parts[i] < caps[i] && (next < 0 || before(i, next, weights, parts))) {
          next = i;
        }
      }
      if (next < 0) {
        throw new IllegalArgumentException("expected at most " + place + " places: " + places);
      }
      parts[next]++;
    }
    return parts;
  }

  /** Whether {@code weight / (2 part + 1)} is larger, without rounding. */
  private static boolean before(int i, int j, int[] weights, int[] parts) {
    return (long) weights[i] * (2L * parts[j] + 1) > (long) weights[j] * (2L * parts[i] + 1);
  }
}

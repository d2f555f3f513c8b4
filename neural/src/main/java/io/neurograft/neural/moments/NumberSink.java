package io.neurograft.neural.moments;

/** Takes the numbers of moments, block by block, in an order that both ends know. */
@FunctionalInterface
public interface NumberSink {
  /**
   * Takes some numbers.
   *
   * @param values holds them; not kept
   * @param from the first one's place
   * @param count how many
   */
  void put(double[] values, int from, int count);

  /**
   * Takes a count as two numbers, each small enough that single precision holds it and the sums of
   * thousands of its kind exactly.
   */
  default void putCount(long count) {
    put(new double[] {(double) (count >> Counts.BITS), (double) (count & Counts.MASK)}, 0, 2);
  }
}

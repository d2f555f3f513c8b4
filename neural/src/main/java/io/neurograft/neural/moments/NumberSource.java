package io.neurograft.neural.moments;

/** Gives the numbers of moments, block by block, in the order in which a sink took them. */
@FunctionalInterface
public interface NumberSource {
  /**
   * Gives some numbers.
   *
   * @param values takes them
   * @param from the first one's place
   * @param count how many
   */
  void get(double[] values, int from, int count);

  /** Gives what {@link NumberSink#putCount} took, or a sum of such. */
  default long getCount() {
    double[] parts = new double[2];
    get(parts, 0, 2);
    return (Math.round(parts[0]) << Counts.BITS) + Math.round(parts[1]);
  }
}

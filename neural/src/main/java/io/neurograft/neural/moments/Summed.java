package io.neurograft.neural.moments;

/**
 * Sums over examples that can travel: written as plain numbers at one place and added at another.
 */
public interface Summed {
  /** How many numbers they are; the same for all sums of the same shape. */
  long numbers();

  /** Writes them; symmetric matrices as packed triangles, row by row from the diagonal on. */
  void write(NumberSink sink);

  /** Adds what sums of the same shape wrote, or the sum of such numbers. */
  void add(NumberSource source);
}

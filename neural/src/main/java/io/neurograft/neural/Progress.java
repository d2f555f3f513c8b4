package io.neurograft.neural;

/** Hears how far long work is. Called from the thread that does the work. */
@FunctionalInterface
public interface Progress {
  /** Hears nothing. */
  Progress NONE = (fraction, phase) -> {};

  /**
   * Tells how far the work is.
   *
   * @param fraction how much is done, from 0 to 1
   * @param phase what is going on, in a few words
   */
  void report(double fraction, String phase);

  /** The part of this progress between two fractions, for work that is a step of larger work. */
  default Progress part(double from, double to) {
    return (fraction, phase) -> report(from + (to - from) * fraction, phase);
  }
}

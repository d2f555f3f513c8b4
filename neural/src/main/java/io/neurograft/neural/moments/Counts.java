package io.neurograft.neural.moments;

/** How counts travel among numbers: the upper digits, then the lower ones. */
final class Counts {
  static final int BITS = 12;
  static final long MASK = (1L << BITS) - 1;

  private Counts() {}
}

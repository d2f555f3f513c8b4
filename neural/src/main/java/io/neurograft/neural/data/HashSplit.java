package io.neurograft.neural.data;

import java.nio.charset.StandardCharsets;

/**
 * Puts about every fifth example of a source that has no test split into one. Where an example goes
 * depends on itself and the seed alone: examples added later move no others, and equal ones stay
 * together, so that no test example was learned from.
 */
record HashSplit(long seed) {
  private static final long FIFTH = Long.divideUnsigned(-1L, 5);

  Split of(String example) {
    long hash = 0xcbf29ce484222325L; // FNV-1a
    for (byte b : example.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    long mixed = mix(hash + mix(seed));
    return Long.compareUnsigned(mixed, FIFTH) < 0 ? Split.TEST : Split.TRAIN;
  }

  /** The finaliser of SplitMix64: every bit of the input reaches every bit of the output. */
  private static long mix(long z) {
    long a = z + 0x9e3779b97f4a7c15L;
    long b = (a ^ (a >>> 30)) * 0xbf58476d1ce4e5b9L;
    long c = (b ^ (b >>> 27)) * 0x94d049bb133111ebL;
    return c ^ (c >>> 31);
  }
}

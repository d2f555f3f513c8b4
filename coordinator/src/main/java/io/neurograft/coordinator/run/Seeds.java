package io.neurograft.coordinator.run;

/**
 * Derives the seeds of a run's parts from its own, so that each part repeats whatever else happens
 * in the run.
 */
public final class Seeds {
  private Seeds() {}

  /** The seed of a site's member: its weights and the order of its examples. */
  public static long member(long seed, String site) {
    return mix(mix(seed) ^ hash(site));
  }

  /** The seed of the order of a site's examples in a fine-tuning round. */
  public static long tuning(long seed, String site, int round) {
    return mix(member(seed, site) + round);
  }

  // FNV-1a, 64 bits: unlike String.hashCode it rarely meets itself over many sites.
  private static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return hash;
  }

  // The finaliser of SplitMix64: neighbouring inputs give unrelated outputs.
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}

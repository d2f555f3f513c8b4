package io.neurograft.fusion.transplant;

/** When members are pruned (NT section 3). */
public enum Variant {
  /** Side by side first, then the best units of all: members compete for places. */
  MERGE_PRUNE,
  /** Each member by itself to its part of the places, then side by side. */
  PRUNE_MERGE,
  /**
   * Side by side, trained so that units of different members may learn to use each other, then
   * pruned. Needs labelled examples, and the memory of the dense wide network.
   */
  MERGE_TUNE_PRUNE
}

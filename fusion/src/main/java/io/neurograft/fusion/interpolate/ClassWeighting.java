package io.neurograft.fusion.interpolate;

/** How much examples count in the fit of a head to labels. */
public enum ClassWeighting {
  /** All the same. */
  NONE,
  /** All classes the same, however many examples they have. */
  BALANCED
}

package io.neurograft.fusion.interpolate;

/** What the last level is fitted to. It is never grouped: class c stays class c. */
public enum Head {
  /** Per class, the mean of the members' logits, weighted by their head scores. */
  MEAN,
  /** The one-hot labels of the examples. */
  LABELS
}

package io.neurograft.fusion.interpolate;

/** What the last step is fitted to. It is never grouped: class c stays class c. */
public enum Head {
  /** Per class, the mean of the members' logits, weighted by their head scores. */
  MEAN,
  /** Per class, the mean of the members' logits, weighted by their shares of its examples. */
  SHARE,
  /** The one-hot labels of the examples. */
  LABELS
}

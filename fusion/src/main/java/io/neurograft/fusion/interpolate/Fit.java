package io.neurograft.fusion.interpolate;

/** How the fused network's levels are fitted to the grouped members (section 4 of the design). */
public enum Fit {
  /** In closed form, from second moments alone. */
  LEAST_SQUARES,
  /** In closed form, then level by level by gradients on examples: {@link GradientFit}. */
  GRADIENT
}

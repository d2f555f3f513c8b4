package io.neurograft.neural.attribution;

/** How units are scored (design: fusion, section 3). */
public enum ScoreMethod {
  /** Every unit counts the same. */
  UNIFORM,
  /** The unit's share of the way from the zero baseline's logit to the example's. */
  CONDUCTANCE,
  /** The same difference of logits, shared out by the rescale rule in a single pass. */
  DEEPLIFT
}

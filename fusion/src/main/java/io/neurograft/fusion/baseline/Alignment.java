package io.neurograft.fusion.baseline;

/** What optimal transport compares two members' units by. */
public enum Alignment {
  /** Their pre-activations on the same examples. */
  ACTIVATION,
  /** Their incoming weights, read in the order of the units that are aligned already. */
  WEIGHT
}

package io.neurograft.fusion.transplant;

/** In what order more than two members are fused (NT section 3). */
public enum Order {
  /** All at once. */
  SIMULTANEOUS,
  /** The first two, their result with the third, and so on. */
  ITERATIVE,
  /** A tree: each half by itself, then both results. */
  RECURSIVE
}

package io.neurograft.fusion.transplant;

/** What happens to the units of members that are near-duplicates of each other. */
public enum Duplicates {
  /** One unit of each pair stays and does the work of both. */
  MERGE,
  /** They compete as all units do: the papers' failure, of a member fused with itself. */
  KEEP
}

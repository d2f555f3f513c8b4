package io.neurograft.neural.data;

/** The half of a data source that an example belongs to. */
public enum Split {
  /** Examples that members learn from. */
  TRAIN,
  /** Examples kept apart to measure what was learned. */
  TEST
}

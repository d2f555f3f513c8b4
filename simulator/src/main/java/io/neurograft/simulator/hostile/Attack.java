package io.neurograft.simulator.hostile;

/** What a hostile site does. */
public enum Attack {
  /** Trains on wrong labels: class c of C becomes class C - 1 - c. */
  LABEL_FLIP,
  /** Sends fresh weights, whatever it was asked to train. */
  RANDOM_WEIGHTS,
  /** Sends its weights a hundred times as large. */
  SCALED_WEIGHTS,
  /** Sends the member of the first honest site for its own, with a little noise. */
  COPIED_MEMBER,
  /** Sends weights that are no numbers. */
  NAN
}

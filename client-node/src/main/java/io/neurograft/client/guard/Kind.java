package io.neurograft.client.guard;

import io.neurograft.neural.config.ConfigNode;

/** What a question asks a site for. */
public enum Kind {
  /** The site's public key for masking; says nothing about its examples and is always answered. */
  KEY,
  /** Second moments of the members' activations. */
  GRAMS,
  /** Sums for one step of a fusion. */
  STEP,
  /** Sums for one refinement of a fusion. */
  REFINEMENT,
  /** Sums for the last step, which sees the labels. */
  HEAD;

  /** How the kind is written in a configuration, a log and a message. */
  public String word() {
    return ConfigNode.word(this);
  }
}

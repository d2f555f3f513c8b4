package io.neurograft.client.preflight;

import io.neurograft.neural.config.ConfigNode;

/** How a check ended. */
public enum Outcome {
  /** As it should be. */
  PASSED,
  /** A node works with it, for now. */
  WARNING,
  /** A node does not work with it. */
  FAILED,
  /** Not looked at: another check has to pass first, or it does not apply here. */
  SKIPPED;

  /** How the outcome is written in tables and documents. */
  public String word() {
    return ConfigNode.word(this);
  }
}

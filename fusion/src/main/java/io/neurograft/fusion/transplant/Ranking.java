package io.neurograft.fusion.transplant;

/** What makes a unit worth keeping. */
public enum Ranking {
  /** Squared weights, incoming and outgoing, and BatchNorm scales: what NT's code does. */
  MAGNITUDE,
  /** Squared incoming weights only: what NT's text says. */
  INCOMING,
  /** The attribution scores that the sites sent. */
  SCORES,
  /** Magnitude times attribution score. */
  PRODUCT;

  /** Whether attribution scores take part. */
  public boolean needsScores() {
    return this == SCORES || this == PRODUCT;
  }
}

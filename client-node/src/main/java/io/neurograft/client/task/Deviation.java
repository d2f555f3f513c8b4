package io.neurograft.client.task;

import io.neurograft.neural.network.Weights;

/**
 * What a site does otherwise than it should: for experiments with hostile sites. Nothing in a
 * node's configuration leads here; only code that starts a node can name one.
 */
public interface Deviation {
  /** A faithful site's. */
  Deviation NONE = new Deviation() {};

  /** The examples that the site works with, instead of its own. */
  default SiteData data(SiteData own) {
    return own;
  }

  /**
   * Changes weights that the site has made, before they leave it.
   *
   * @param made changed in place
   * @param member whether they are its member's; otherwise those of a model that it fine-tuned
   */
  default void change(Weights made, boolean member) {}
}

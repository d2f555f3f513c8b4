package io.neurograft.coordinator.store;

import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.fusion.screen.Verdict;

/**
 * What the screening said of what a site sent.
 *
 * @param cohort what was judged together: members ({@link #MEMBERS}), or what sites made of a
 *     method's model in a round
 * @param verdict named by the site
 */
public record Screened(ModelKey cohort, Verdict verdict) {
  /** The cohort of the members. */
  public static final ModelKey MEMBERS = new ModelKey("", 0);
}

package io.neurograft.coordinator.store;

/**
 * What the coordinator evaluated.
 *
 * @param name the member's site, or the model's method; empty for the ensemble
 * @param round of a model; 0 otherwise
 */
public record Subject(Kind kind, String name, int round) {
  /** The kinds of things that are evaluated. */
  public enum Kind {
    /** The member of a site. */
    MEMBER,
    /** The mean of all members' probabilities. */
    ENSEMBLE,
    /** A model of the run. */
    MODEL
  }

  /** The ensemble of all members. */
  public static final Subject ENSEMBLE = new Subject(Kind.ENSEMBLE, "", 0);
}

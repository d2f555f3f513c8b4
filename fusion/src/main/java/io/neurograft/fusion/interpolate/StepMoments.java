package io.neurograft.fusion.interpolate;

import io.neurograft.neural.moments.SecondMoments;

/**
 * What the fit of a step needs to know of the examples. Those of parts of the examples add up to
 * those of all.
 *
 * @param fit S, C and G of the fused inputs and the targets
 * @param deviations of each of the members' units (N): the squared distance to the target of its
 *     cluster, summed over rows; 0 for a unit in none
 */
public record StepMoments(SecondMoments fit, Deviations deviations) implements AutoCloseable {

  /** Adds those of other examples. */
  public void add(StepMoments other) {
    fit.add(other.fit);
    deviations.add(other.deviations);
  }

  @Override
  public void close() {
    fit.close();
  }
}

package io.neurograft.neural.collection;

import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.moments.LevelBudget;
import io.neurograft.neural.moments.TargetMoments;
import io.neurograft.neural.network.Network;
import java.util.List;

/**
 * The moments that one fusion asks for. Steps are asked for in their order, each once its prefix is
 * fitted. What is returned is the caller's to close.
 */
public interface MomentCollection extends AutoCloseable {
  /** How many examples there are. */
  long examples();

  /** The budget of a step's S; inputs are projected where it would be over it. */
  LevelBudget budget();

  /**
   * The Gram matrix of the members' units (N x N), for each unit group but the classes: the sum
   * over the group's places, and over the coordinates of a unit.
   */
  List<Gram> grams();

  /**
   * Moments of a step's inputs in the fused network and its targets {@code T = Z A}, less what a
   * residual adds anyway.
   *
   * @param fused the fused network, fitted below the step; where S would be over the budget, with
   *     the weights in the step that its fit is expected to find
   * @param clusters A, over the members' units at the step
   */
  StepMoments step(Network fused, int step, Clusters clusters);

  /**
   * Moments of targets of a {@linkplain io.neurograft.neural.moments.FitStep#rectified() rectified}
   * step that are free where the rectifier hides them: above 0 they are T; elsewhere they are what
   * the fused network gives there, or 0 where that is more. Less what a residual adds anyway.
   *
   * @param fused the fused network, fitted up to the step, which was asked for last
   * @param clusters A, over the members' units at the step
   * @throws LostExamplesException if they cannot be of the examples that the step's moments were of
   */
  TargetMoments refinement(Network fused, int step, Clusters clusters);

  /**
   * Moments of the last step's inputs in the fused network and, side by side, two targets for each
   * class, the one-hot label and {@code T = Z A}, then the sum of the latter over the classes.
   *
   * @param fused as for any step
   * @param classes A, over the members' logits
   * @param weights how much rows count
   */
  StepMoments head(Network fused, Clusters classes, ClassWeights weights);

  /**
   * Says that steps which were asked for already have other weights now: values of the fused
   * network that are kept between steps are no longer its own.
   */
  default void refitted() {}

  @Override
  void close();
}

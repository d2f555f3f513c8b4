package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.moments.TargetMoments;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import java.util.List;

/**
 * Answers what a fusion asks about activations, as second moments. It does not tell where the
 * examples live: in a data set beside the fusion, or on sites that only send sums.
 */
public interface MomentSource {

  /** A source for methods that need no data; one that asks gets a clear error. */
  MomentSource NONE =
      request -> {
        throw new InvalidInputException(
            "data", "this method needs examples to collect moments from");
      };

  /** Begins to collect for one fusion; the caller closes what it gets. */
  Collection begin(Request request);

  /**
   * What one fusion will ask.
   *
   * @param target the fused network's specification
   * @param members the members, of the same chain of levels
   * @param activated whether Gram matrices are of post-activations
   * @param scope the scope for everything collected
   * @param phases the clock of the phases {@code forward} and {@code moments}
   */
  record Request(
      NetworkSpec target,
      List<Network> members,
      boolean activated,
      NDManager scope,
      PhaseTimes phases) {}

  /** The answers of one fusion. Steps are asked for in order, each once its prefix is fitted. */
  interface Collection extends AutoCloseable {
    /** How many examples there are. */
    long examples();

    /**
     * The Gram matrix of the members' units (N x N), for each unit group but the classes: the sum
     * over the group's places, and over the coordinates of a unit.
     */
    List<Gram> grams();

    /**
     * Moments of a step's inputs in the fused network and its targets {@code T = Z A}, less what a
     * residual adds anyway.
     *
     * @param fused the fused network, fitted below the step
     * @param clusters A, over the members' units at the step
     */
    StepMoments step(Network fused, int step, Clusters clusters);

    /**
     * Moments of targets of a {@linkplain FitStep#rectified() rectified} step that are free where
     * the rectifier hides them: above 0 they are T; elsewhere they are what the fused network gives
     * there, or 0 where that is more. Less what a residual adds anyway.
     *
     * @param fused the fused network, fitted up to the step, which was asked for last
     * @param clusters A, over the members' units at the step
     */
    TargetMoments refinement(Network fused, int step, Clusters clusters);

    /**
     * Moments of the last step's inputs in the fused network and two targets for each class, side
     * by side: the one-hot labels, then {@code T = Z A}.
     *
     * @param classes A, over the members' logits
     */
    StepMoments head(Network fused, Clusters classes);

    /**
     * Says that steps which were asked for already have other weights now: values of the fused
     * network that are kept between steps are no longer its own.
     */
    default void refitted() {}

    @Override
    void close();
  }
}

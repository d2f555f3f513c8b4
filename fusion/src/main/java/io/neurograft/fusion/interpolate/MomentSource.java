package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.collection.Grams;
import io.neurograft.neural.collection.MomentCollection;
import io.neurograft.neural.config.InvalidInputException;
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
  MomentCollection begin(Request request);

  /**
   * What one fusion will ask.
   *
   * @param target the fused network's specification
   * @param members the members, of the same chain of levels
   * @param grams what Gram matrices are of
   * @param scope the scope for everything collected
   * @param phases the clock of the phases {@code forward} and {@code moments}
   */
  record Request(
      NetworkSpec target, List<Network> members, Grams grams, NDManager scope, PhaseTimes phases) {}
}

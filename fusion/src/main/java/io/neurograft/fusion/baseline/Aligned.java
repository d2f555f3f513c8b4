package io.neurograft.fusion.baseline;

import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.origin.UnitSources;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The mean of members whose units were put into one order.
 *
 * @param weights the caller's to close
 * @param sources for each group which members' units its units are the mean of
 */
public record Aligned(Weights weights, List<UnitSources> sources) {
  public Aligned {
    sources = List.copyOf(sources);
  }

  /**
   * Averages.
   *
   * @param members in their new order
   * @param orders for each member and group which of the member's units each unit was
   */
  static Aligned mean(
      NetworkSpec target, List<Weights> members, List<List<int[]>> orders, NDManager parent) {
    List<UnitSources> sources =
        IntStream.range(0, target.groups().size())
            .mapToObj(group -> UnitSources.mean(orders.stream().map(o -> o.get(group)).toList()))
            .toList();
    return new Aligned(Averaging.mean(target, members, parent), sources);
  }
}

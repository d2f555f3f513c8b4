package io.neurograft.neural.network;

import java.util.List;

/**
 * All places in a network where the same units appear.
 *
 * @param level the level whose output the units are
 * @param units how many
 * @param slices the producer's output axis and bias, BatchNorm vectors, the consumers' input axes
 */
public record UnitGroup(int level, int units, List<Slice> slices) {
  public UnitGroup {
    slices = List.copyOf(slices);
  }
}

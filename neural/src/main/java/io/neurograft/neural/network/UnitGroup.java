package io.neurograft.neural.network;

import java.util.List;

/**
 * All places in a network where the same units appear.
 *
 * @param index its position among the network's groups
 * @param name the name of the layer that makes the units first
 * @param units how many
 * @param slices the producers' output axes and biases, norms' vectors, the consumers' input axes
 * @param places where the group's pre-activations can be read, in the order of a run
 */
public record UnitGroup(int index, String name, int units, List<Slice> slices, List<Place> places) {
  public UnitGroup {
    slices = List.copyOf(slices);
    places = List.copyOf(places);
  }
}

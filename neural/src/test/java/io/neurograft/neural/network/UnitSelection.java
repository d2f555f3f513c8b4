package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Takes some units of a group, in some order, at all of its slices. */
final class UnitSelection {
  private UnitSelection() {}

  /** Weights whose group has the given units, in that order. */
  static Map<String, NDArray> select(Map<String, NDArray> arrays, UnitGroup group, int... units) {
    Map<String, NDArray> selected = new LinkedHashMap<>(arrays);
    for (Slice slice : group.slices()) {
      selected.computeIfPresent(slice.parameter(), (name, array) -> select(array, slice, units));
    }
    return selected;
  }

  /** Weights with which nothing reads the units from {@code from} on. */
  static Map<String, NDArray> unread(Map<String, NDArray> arrays, UnitGroup group, int from) {
    Map<String, NDArray> changed = new LinkedHashMap<>(arrays);
    int[] kept = IntStream.range(0, from).toArray();
    for (Slice slice : group.slices()) {
      if (slice.part() == Slice.Part.OUTGOING) {
        changed.computeIfPresent(
            slice.parameter(),
            (name, array) -> {
              NDArray read = select(array, slice, kept);
              long rest = array.getShape().get(slice.axis()) - (long) from * slice.stride();
              long[] shape = array.getShape().getShape().clone();
              shape[slice.axis()] = rest;
              return read.concat(array.getManager().zeros(new Shape(shape)), slice.axis());
            });
      }
    }
    return changed;
  }

  private static NDArray select(NDArray array, Slice slice, int... units) {
    int[] coordinates =
        IntStream.of(units)
            .flatMap(u -> IntStream.range(u * slice.stride(), (u + 1) * slice.stride()))
            .toArray();
    long[] shape = array.getShape().getShape().clone();
    int outer = slice.axis() == 0 ? 1 : (int) shape[0];
    int wide = (int) shape[slice.axis()];
    int rest = (int) (array.size() / outer / wide);
    float[] from = array.toFloatArray();
    float[] to = new float[outer * coordinates.length * rest];
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < coordinates.length; i++) {
        System.arraycopy(
            from,
            (o * wide + coordinates[i]) * rest,
            to,
            (o * coordinates.length + i) * rest,
            rest);
      }
    }
    shape[slice.axis()] = coordinates.length;
    return array.getManager().create(to, new Shape(shape));
  }

  /** The network with so many units in one group. */
  static NetworkSpec pruned(NetworkSpec spec, UnitGroup group, int units) {
    List<Integer> all =
        spec.groups().stream().map(g -> g.index() == group.index() ? units : g.units()).toList();
    return spec.withUnits(all);
  }
}

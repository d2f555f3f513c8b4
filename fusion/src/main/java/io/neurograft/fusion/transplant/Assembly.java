package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Puts units of several members into one network, parameter by parameter: block diagonal between
 * hidden groups, stacked on the shared input, side by side and scaled by the members' shares before
 * the shared output.
 */
final class Assembly {
  private final NetworkSpec target;
  private final int classes; // the index of their group
  private final List<Network> members;
  private final List<Kept> kept; // of each group but the classes
  private final double[] shares;
  private final Map<String, List<Axis>> axes = new LinkedHashMap<>();

  /** Whose units lie along an axis of a parameter, and how many coordinates each has. */
  private record Axis(int group, int axis, int stride) {}

  Assembly(NetworkSpec target, List<Network> members, List<Kept> kept, double[] shares) {
    List<UnitGroup> groups = target.groups();
    this.target = target;
    this.classes = groups.size() - 1;
    this.members = members;
    this.kept = kept;
    this.shares = shares;
    for (UnitGroup group : groups) {
      for (Slice slice : group.slices()) {
        axes.computeIfAbsent(slice.parameter(), name -> new ArrayList<>())
            .add(new Axis(group.index(), slice.axis(), slice.stride()));
      }
    }
  }

  Weights weights(NDManager parent) {
    try (NDManager scope = parent.newSubManager()) {
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      target
          .parameters()
          .forEach((name, shape) -> arrays.put(name, scope.create(values(name, shape), shape)));
      return Weights.of(target, arrays, parent);
    }
  }

  private float[] values(String name, Shape shape) {
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int member = 0; member < members.size(); member++) {
      add(name, shape, member, values);
    }
    return values;
  }

  /** Adds a member's part of a parameter. */
  private void add(String name, Shape shape, int member, float[] values) {
    NDArray source = members.get(member).weights().get(name);
    float[] from = source.toFloatArray();
    int[] rows = coordinates(name, 0, member, (int) source.getShape().get(0));
    int[] columns = {0}; // a vector is a matrix of one column
    int width = 1;
    int sourceWidth = 1;
    if (shape.dimension() > 1) {
      width = (int) shape.get(1);
      sourceWidth = (int) source.getShape().get(1);
      columns = coordinates(name, 1, member, sourceWidth);
    }
    int rowOffset = offset(name, 0, member);
    int columnOffset = offset(name, 1, member);
    int rest = values.length / (int) shape.get(0) / width; // of a convolution: its kernel
    float scale = rowGroup(name) == classes ? (float) shares[member] : 1;
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns.length; j++) {
        int to = ((rowOffset + i) * width + columnOffset + j) * rest;
        int at = (rows[i] * sourceWidth + columns[j]) * rest;
        for (int r = 0; r < rest; r++) {
          values[to + r] += scale * from[at + r];
        }
      }
    }
  }

  private int rowGroup(String name) {
    return axis(name, 0).group();
  }

  private Axis axis(String name, int axis) {
    return axes.getOrDefault(name, List.of()).stream()
        .filter(a -> a.axis() == axis)
        .findFirst()
        .orElse(new Axis(-1, axis, 1)); // the network's input
  }

  private boolean shared(Axis axis) {
    return axis.group() < 0 || axis.group() == classes;
  }

  /** The member's coordinates along an axis that go into the result. */
  private int[] coordinates(String name, int at, int member, int size) {
    Axis axis = axis(name, at);
    int[] units =
        shared(axis)
            ? IntStream.range(0, size / axis.stride()).toArray()
            : kept.get(axis.group()).members().get(member);
    int[] coordinates = new int[units.length * axis.stride()];
    for (int i = 0; i < coordinates.length; i++) {
      coordinates[i] = units[i / axis.stride()] * axis.stride() + i % axis.stride();
    }
    return coordinates;
  }

  /** Where the member's part begins along an axis of the result. */
  private int offset(String name, int at, int member) {
    Axis axis = axis(name, at);
    return shared(axis) ? 0 : kept.get(axis.group()).offset(member) * axis.stride();
  }
}

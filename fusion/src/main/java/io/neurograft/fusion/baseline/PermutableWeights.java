package io.neurograft.fusion.baseline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * A copy of a network's weights whose units can be put into another order, group by group: at all
 * slices of the group at once, so that the network computes the same function (design: fusion,
 * section 1).
 */
final class PermutableWeights implements AutoCloseable {
  private final NetworkSpec spec;
  private final NDManager scope;
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();
  private final List<int[]> orders; // of each group: which unit each was at first

  PermutableWeights(Weights weights, NDManager parent) {
    spec = weights.spec();
    scope = parent.newSubManager();
    orders = new ArrayList<>(unpermuted(spec));
    weights.all().forEach((name, array) -> keep(name, array.duplicate()));
  }

  private void keep(String name, NDArray array) {
    array.attach(scope);
    NDArray before = arrays.put(name, array);
    if (before != null) {
      before.close();
    }
  }

  /** All arrays by name, as they are now. */
  Map<String, NDArray> arrays() {
    return arrays;
  }

  /**
   * The parameters that a new order of a group's units changes, as they would be.
   *
   * @param order unit i is to be what is unit {@code order[i]} now
   * @param target where they go
   */
  Map<String, NDArray> permuted(UnitGroup group, int[] order, NDManager target) {
    long[] places = new long[order.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = order[i];
    }
    Map<String, NDArray> changed = new LinkedHashMap<>();
    try (NDArray index = target.create(places)) {
      for (Slice slice : group.slices()) {
        String name = slice.parameter();
        NDArray now = get(changed.containsKey(name) ? changed : arrays, name);
        NDArray then = permuted(now, slice.axis(), group.units(), index);
        then.attach(target);
        changed.put(name, then);
      }
    }
    return changed;
  }

  private static NDArray permuted(NDArray array, int axis, int units, NDArray index) {
    Shape shape = array.getShape();
    if (axis == 0) {
      try (NDArray view = array.reshape(units, -1);
          NDArray moved = view.get(new NDIndex("{}", index))) {
        return moved.reshape(shape);
      }
    }
    try (NDArray view = array.reshape(shape.get(0), units, -1);
        NDArray moved = view.get(new NDIndex(":, {}", index))) {
      return moved.reshape(shape);
    }
  }

  /** Puts a group's units into another order: unit i becomes what is unit {@code order[i]} now. */
  void permute(UnitGroup group, int[] order) {
    keep(group, order, permuted(group, order, scope));
  }

  /**
   * Puts a group's units into another order, for which the arrays are there already.
   *
   * @param changed what {@link #permuted} gave; these arrays become this network's own
   */
  void keep(UnitGroup group, int[] order, Map<String, NDArray> changed) {
    changed.forEach(this::keep);
    int[] before = orders.get(group.index());
    orders.set(group.index(), Arrays.stream(order).map(unit -> before[unit]).toArray());
  }

  /** For each group which unit of the network as it was each unit is now. */
  List<int[]> orders() {
    return List.copyOf(orders);
  }

  /** The orders of a network that nothing was done to. */
  static List<int[]> unpermuted(NetworkSpec spec) {
    return spec.groups().stream().map(g -> IntStream.range(0, g.units()).toArray()).toList();
  }

  /** The weights in their present order, the caller's to close. */
  Weights weights(NDManager parent) {
    return Weights.of(spec, arrays, parent);
  }

  /**
   * What a slice holds of each unit.
   *
   * @param arrays a network's parameters, in single precision
   * @return (units x values), float64, in the scope given
   */
  static NDArray rows(Map<String, NDArray> arrays, Slice slice, int units, NDManager target) {
    NDArray parameter = get(arrays, slice.parameter());
    try (NDArray exact = parameter.toType(DataType.FLOAT64, true)) {
      NDArray rows;
      if (slice.axis() == 0) {
        rows = exact.reshape(units, -1);
      } else {
        try (NDArray view = exact.reshape(parameter.getShape().get(0), units, -1);
            NDArray turned = view.transpose(1, 0, 2)) {
          rows = turned.reshape(units, -1);
        }
      }
      rows.attach(target);
      return rows;
    }
  }

  static NDArray get(Map<String, NDArray> arrays, String name) {
    return Objects.requireNonNull(arrays.get(name), name);
  }

  @Override
  public void close() {
    scope.close();
  }
}

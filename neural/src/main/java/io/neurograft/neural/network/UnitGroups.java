package io.neurograft.neural.network;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The unit groups of a network, derived by carrying the unit axis from layer to layer (design:
 * fusion, section 1). Every affine map makes units; where a residual adds two paths, their units
 * are the same from then on, and were so before. In a chain there is one group per level; the last
 * group is that of the classes, whose units are never permuted or removed.
 */
public final class UnitGroups {
  private final List<Units> made = new ArrayList<>();
  private final List<Found<Slice>> slices = new ArrayList<>(); // in the order of a run
  private final List<Found<Place>> places = new ArrayList<>();

  private UnitGroups() {}

  /**
   * The groups of a network, in the order in which their units are made first.
   *
   * @throws IllegalArgumentException if a residual adds what cannot be the same units
   */
  public static List<UnitGroup> of(NetworkSpec spec) {
    UnitGroups walk = new UnitGroups();
    Shape shape = spec.input().toShape();
    Units input = new Units(-1, "", UnitAxis.size(shape));
    Axis axis = new Axis(input, 1, Optional.empty());
    for (int level = 0; level < spec.levelCount(); level++) {
      List<LayerSpec> layers = spec.levels().get(level);
      axis = walk.list(layers, NetworkSpec.name(level), shape, axis);
      shape = Layers.output(layers, shape);
    }
    return walk.groups();
  }

  /**
   * Units that one map makes, or the network's input, whose order is -1. Joined units share one.
   */
  private static final class Units {
    private final int order;
    private final String name;
    private final int count;
    private Optional<Units> same = Optional.empty(); // as units made before

    Units(int order, String name, int count) {
      this.order = order;
      this.name = name;
      this.count = count;
    }

    Units first() {
      return same.map(Units::first).orElse(this);
    }
  }

  /**
   * What lies along the unit axis of a value on its way through the network.
   *
   * @param stride how many consecutive coordinates a unit has
   * @param place where the value can be read as the units' pre-activation
   */
  private record Axis(Units units, int stride, Optional<Place> place) {
    Axis activated() {
      return new Axis(units, stride, Optional.empty());
    }
  }

  private record Found<T>(Units units, T what) {}

  private Axis list(List<LayerSpec> layers, String name, Shape input, Axis axis) {
    Axis now = axis;
    Shape shape = input;
    for (int i = 0; i < layers.size(); i++) {
      now = pass(layers.get(i), Layers.name(name, i), shape, now);
      shape = layers.get(i).output(shape);
    }
    return now;
  }

  private Axis pass(LayerSpec layer, String name, Shape input, Axis axis) {
    if (layer instanceof Residual residual) {
      return join(residual, name, input, axis);
    }
    if (layer instanceof Attention attention) {
      return attend(attention, name, axis);
    }
    if (layer.affine()) {
      return map(name, axis, UnitAxis.size(layer.output(input)), 1);
    }
    if (layer instanceof BatchNorm) {
      norm(name, axis, "bias", "running_mean", "running_var");
      return moved(name, axis);
    }
    if (layer instanceof ClassToken || layer instanceof PositionEmbedding) {
      int at = layer instanceof ClassToken ? 0 : 1;
      add(axis, Layers.name(name, "weight"), at, Slice.Part.OFFSET);
      return moved(name, axis);
    }
    if (layer instanceof LayerNorm) {
      norm(name, axis, "bias");
    }
    if (layer instanceof Flatten) {
      // What a flatten leaves of a unit's map is consecutive.
      int map = Math.toIntExact(input.size() / input.get(0));
      return new Axis(axis.units(), axis.stride() * map, Optional.empty());
    }
    return layer instanceof Dropout ? axis : axis.activated();
  }

  /** An affine map with weight and bias reads units and makes others, each of so many rows. */
  private Axis map(String name, Axis axis, int units, int stride) {
    read(name, axis);
    Axis out = made(name, units, stride, new Place(name, stride));
    write(name, out);
    return out;
  }

  private Axis attend(Attention attention, String name, Axis axis) {
    String headsName = Layers.name(name, Attention.HEADS);
    for (String reader : Attention.READERS) {
      read(Layers.name(name, reader), axis);
    }
    Axis heads =
        made(headsName, attention.heads(), attention.dim(), new Place(headsName, attention.dim()));
    for (String reader : Attention.READERS) {
      write(Layers.name(name, reader), heads);
    }
    String out = Layers.name(name, "out");
    read(out, heads);
    // What comes out has the shape of what went in; that they are the same units keeps it so.
    Axis result = made(name, axis.units().first().count, axis.stride(), new Place(name, 1));
    write(out, result);
    unite(Layers.name(name, attention.word()), axis, result);
    return result;
  }

  private Axis join(Residual residual, String name, Shape input, Axis axis) {
    Axis through = list(residual.body(), Layers.name(name, Residual.BODY), input, axis.activated());
    Axis around =
        residual.shortcut().isEmpty()
            ? axis.activated()
            : list(
                residual.shortcut(), Layers.name(name, Residual.SHORTCUT), input, axis.activated());
    unite(Layers.name(name, residual.word()), through, around);
    for (Axis path : List.of(through, around)) {
      // What only the sum reads is no pre-activation.
      path.place().ifPresent(place -> places.removeIf(found -> found.what().equals(place)));
    }
    Place place = new Place(name, through.stride());
    places.add(new Found<>(through.units(), place));
    return new Axis(through.units(), through.stride(), Optional.of(place));
  }

  private void unite(String name, Axis a, Axis b) {
    Units one = a.units().first();
    Units other = b.units().first();
    if (one.order < 0 || other.order < 0) {
      throw new MisfitException(
          name, "cannot add to the network's input, whose units are not the network's own");
    }
    if (one.count != other.count || a.stride() != b.stride()) {
      throw new MisfitException(
          name,
          "adds %d units of %d coordinates to %d units of %d"
              .formatted(one.count, a.stride(), other.count, b.stride()));
    }
    if (one.order < other.order) {
      other.same = Optional.of(one);
    } else if (other.order < one.order) {
      one.same = Optional.of(other);
    }
  }

  /** The same pre-activation, read behind a layer that only scales or shifts it. */
  private Axis moved(String name, Axis axis) {
    if (axis.place().isEmpty()) {
      return axis;
    }
    Place before = axis.place().get();
    Place place = new Place(name, before.stride());
    places.replaceAll(
        found -> found.what().equals(before) ? new Found<>(found.units(), place) : found);
    return new Axis(axis.units(), axis.stride(), Optional.of(place));
  }

  private Axis made(String name, int count, int stride, Place place) {
    Units units = new Units(made.size(), name, count);
    made.add(units);
    places.add(new Found<>(units, place));
    return new Axis(units, stride, Optional.of(place));
  }

  private void read(String map, Axis axis) {
    add(axis, Layers.name(map, "weight"), 1, Slice.Part.OUTGOING);
  }

  private void write(String map, Axis axis) {
    add(axis, Layers.name(map, "weight"), 0, Slice.Part.INCOMING);
    add(axis, Layers.name(map, "bias"), 0, Slice.Part.OFFSET);
  }

  private void norm(String name, Axis axis, String... offsets) {
    add(axis, Layers.name(name, "weight"), 0, Slice.Part.SCALE);
    for (String offset : offsets) {
      add(axis, Layers.name(name, offset), 0, Slice.Part.OFFSET);
    }
  }

  private void add(Axis axis, String parameter, int at, Slice.Part part) {
    slices.add(new Found<>(axis.units(), new Slice(parameter, at, axis.stride(), part)));
  }

  private List<UnitGroup> groups() {
    Map<Integer, List<Slice>> own = byUnits(slices);
    Map<Integer, List<Place>> read = byUnits(places);
    List<UnitGroup> groups = new ArrayList<>();
    for (Units units : made) {
      if (units.same.isEmpty()) {
        groups.add(
            new UnitGroup(
                groups.size(),
                units.name,
                units.count,
                own.getOrDefault(units.order, List.of()),
                read.getOrDefault(units.order, List.of())));
      }
    }
    return List.copyOf(groups);
  }

  private static <T> Map<Integer, List<T>> byUnits(List<Found<T>> all) {
    return all.stream()
        .collect(
            Collectors.groupingBy(
                found -> found.units().first().order,
                Collectors.mapping(Found::what, Collectors.toList())));
  }
}

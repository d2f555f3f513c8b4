package io.neurograft.neural.network;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The unit groups of a network, derived by carrying the unit axis from layer to layer (design:
 * fusion, section 1). In a chain there is one group per level; the last is that of the classes,
 * whose units are never permuted or removed.
 */
public final class UnitGroups {
  private final List<UnitGroup> groups = new ArrayList<>();
  private List<Slice> open = new ArrayList<>();
  private String name = "";
  private String place = "";
  private int units;

  private UnitGroups() {}

  /** The groups of a network, in the order in which their units are made first. */
  public static List<UnitGroup> of(NetworkSpec spec) {
    UnitGroups walk = new UnitGroups();
    Shape shape = spec.input().toShape();
    walk.units = (int) shape.get(0);
    for (int level = 0; level < spec.levelCount(); level++) {
      List<LayerSpec> layers = spec.levels().get(level);
      for (int i = 0; i < layers.size(); i++) {
        // What a flatten leaves of a unit's map is consecutive along the first axis.
        int stride = Math.toIntExact(shape.get(0) / walk.units);
        shape = layers.get(i).output(shape);
        walk.pass(layers.get(i), NetworkSpec.place(level, i), stride, (int) shape.get(0));
      }
    }
    walk.close();
    return List.copyOf(walk.groups);
  }

  private void pass(LayerSpec layer, String layerName, int stride, int out) {
    String prefix = layerName + ".";
    if (layer.affine()) {
      open.add(new Slice(prefix + "weight", 1, stride, Slice.Part.OUTGOING));
      close();
      open.add(new Slice(prefix + "weight", 0, 1, Slice.Part.INCOMING));
      open.add(new Slice(prefix + "bias", 0, 1, Slice.Part.OFFSET));
      units = out;
      name = layerName;
      place = layerName;
    } else if (layer instanceof BatchNorm) {
      open.add(new Slice(prefix + "weight", 0, stride, Slice.Part.SCALE));
      for (String vector : new String[] {"bias", "running_mean", "running_var"}) {
        open.add(new Slice(prefix + vector, 0, stride, Slice.Part.OFFSET));
      }
      place = stride == 1 ? layerName : place;
    }
  }

  /** Ends the current group; the network's input is nobody's. */
  private void close() {
    if (!name.isEmpty()) {
      groups.add(new UnitGroup(groups.size(), name, units, open, List.of(new Place(place, 1))));
    }
    open = new ArrayList<>();
  }
}

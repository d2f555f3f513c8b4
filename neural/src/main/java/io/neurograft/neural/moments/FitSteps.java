package io.neurograft.neural.moments;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.Attention;
import io.neurograft.neural.network.AvgPool;
import io.neurograft.neural.network.BatchNorm;
import io.neurograft.neural.network.ClassToken;
import io.neurograft.neural.network.Dropout;
import io.neurograft.neural.network.FirstToken;
import io.neurograft.neural.network.Flatten;
import io.neurograft.neural.network.Gelu;
import io.neurograft.neural.network.GlobalAvgPool;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.MaxPool;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.PatchEmbedding;
import io.neurograft.neural.network.Place;
import io.neurograft.neural.network.PositionEmbedding;
import io.neurograft.neural.network.Relu;
import io.neurograft.neural.network.Residual;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitAxis;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The order in which a network is fitted, derived from its specification (design: fusion, section
 * 4): every affine map makes the units of a group, alone or together with others; what has no
 * weights lies between. In a chain step i is level i.
 */
public final class FitSteps {
  private final NetworkSpec spec;
  private final Map<String, UnitGroup> groups = new HashMap<>(); // by the names of their places
  private final List<FitStep> steps = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private final List<Shape> shapes = new ArrayList<>(); // of the values
  private final Map<String, Shape> attended = new HashMap<>(); // what attentions take and give
  private List<Operation> before = new ArrayList<>();
  private int level;

  private FitSteps(NetworkSpec spec) {
    this.spec = spec;
    for (UnitGroup group : spec.groups()) {
      group.places().forEach(place -> groups.put(place.layer(), group));
    }
    shapes.add(spec.input().toShape());
  }

  /**
   * The steps of a network, in order; the last makes the classes.
   *
   * @throws InvalidInputException naming every layer that no fit can set: a batchnorm that does not
   *     come right behind a conv or linear layer, and a residual whose body does not end in an
   *     affine map
   */
  public static List<FitStep> of(NetworkSpec spec) {
    FitSteps walk = new FitSteps(spec);
    int value = 0;
    for (walk.level = 0; walk.level < spec.levelCount(); walk.level++) {
      List<LayerSpec> layers = spec.levels().get(walk.level);
      String name = "levels." + walk.level;
      value = walk.list(layers, 0, layers.size(), name, true, value);
    }
    if (!walk.faults.isEmpty()) {
      throw new InvalidInputException("network", walk.faults);
    }
    return List.copyOf(walk.steps);
  }

  /**
   * @param top whether the list is a level, not part of a residual
   * @param input the value that goes into layer {@code from}
   * @return the value that comes out of layer {@code to - 1}
   */
  private int list(List<LayerSpec> layers, int from, int to, String name, boolean top, int input) {
    int value = input;
    int i = from;
    while (i < to) {
      LayerSpec layer = layers.get(i);
      String own = name + "." + i;
      int next = i + 1;
      if (layer instanceof Residual residual) {
        value = residual(residual, own, activation(layers, next, top), value);
      } else if (layer.affine()) {
        next = layer instanceof PatchEmbedding ? embedded(layers, next) : normed(layers, next);
        value = layer instanceof Attention attention ? heads(attention, own, value) : value;
        value = affine(layers, i, next, name, activation(layers, next, top), value);
      } else {
        if (layer instanceof BatchNorm || tokens(layer)) {
          refuse(own, layer, "interpolation needs it right behind a layer whose units it sets");
        }
        value = run(before, own, layer, value);
      }
      i = next;
    }
    return value;
  }

  /** Behind a map: its batchnorm, if there is one. */
  private static int normed(List<LayerSpec> layers, int next) {
    return next < layers.size() && layers.get(next) instanceof BatchNorm ? next + 1 : next;
  }

  /** Behind a patch embedding: a class token, then positions, if they are there. */
  private static int embedded(List<LayerSpec> layers, int next) {
    int end = next;
    end += end < layers.size() && layers.get(end) instanceof ClassToken ? 1 : 0;
    end += end < layers.size() && layers.get(end) instanceof PositionEmbedding ? 1 : 0;
    return end;
  }

  private static boolean tokens(LayerSpec layer) {
    return layer instanceof ClassToken || layer instanceof PositionEmbedding;
  }

  /** The step of an affine map and what belongs to it: layers from..to-1. */
  private int affine(
      List<LayerSpec> layers,
      int from,
      int to,
      String name,
      Optional<FitStep.Activation> activation,
      int input) {
    List<Operation> own = new ArrayList<>();
    AffineMap map = map(layers, from, to, name, input);
    int value = input;
    for (int i = from; i < to; i++) {
      value = run(own, name + "." + i, layers.get(i), value);
    }
    FitStep.Kind kind =
        layers.get(from) instanceof PatchEmbedding ? FitStep.Kind.EMBEDDING : FitStep.Kind.SUM;
    String place = name + "." + (to - 1);
    add(place, activation, kind, List.of(map), OptionalInt.empty(), own);
    return value;
  }

  private AffineMap map(List<LayerSpec> layers, int from, int to, String name, int input) {
    LayerSpec layer = layers.get(from);
    String own = name + "." + from;
    Optional<String> norm =
        to > from + 1 && layers.get(from + 1) instanceof BatchNorm
            ? Optional.of(name + "." + (from + 1))
            : Optional.empty();
    Optional<AffineMap.Window> window = AffineMap.Window.of(layer);
    int area = window.map(w -> w.side() * w.side()).orElse(1);
    int columns = Math.multiplyExact(UnitAxis.size(shapes.get(input)), area);
    String map = layer instanceof Attention ? own + ".out" : own;
    return new AffineMap(map, window, input, columns, norm, units(map));
  }

  /** The units that a map reads, by the groups' slices. */
  private Optional<AffineMap.Units> units(String map) {
    return spec.groups().stream()
        .flatMap(
            group ->
                group.slices().stream()
                    .filter(slice -> slice.part() == Slice.Part.OUTGOING)
                    .filter(slice -> slice.parameter().equals(map + ".weight"))
                    .map(slice -> new AffineMap.Units(group.index(), slice.stride())))
        .findFirst();
  }

  /** The step of an attention's heads. */
  private int heads(Attention attention, String name, int input) {
    int columns = UnitAxis.size(shapes.get(input));
    List<AffineMap> maps = new ArrayList<>();
    for (String reader : Attention.READERS) {
      String map = name + "." + reader;
      maps.add(new AffineMap(map, Optional.empty(), input, columns, Optional.empty(), units(map)));
    }
    attended.put(name, shapes.get(input));
    long inner = (long) attention.heads() * attention.dim();
    int value = value(new Shape(shapes.get(input).get(0), inner));
    String place = name + "." + Attention.HEADS;
    add(
        place,
        Optional.empty(),
        FitStep.Kind.HEADS,
        maps,
        OptionalInt.empty(),
        List.of(new Operation.Heads(name, attention, input, value)));
    return value;
  }

  /** Fits what a residual holds, then its end: the last map of its body, and of its shortcut. */
  private int residual(
      Residual residual, String name, Optional<FitStep.Activation> activation, int input) {
    int last = lastMap(residual.body());
    if (last < 0) {
      refuse(name, residual, "interpolation needs a body that ends in an affine map");
      return value(residual.output(shapes.get(input)));
    }
    List<AffineMap> maps = new ArrayList<>();
    List<Operation> own = new ArrayList<>();
    String body = name + "." + Residual.BODY;
    int through = list(residual.body(), 0, last, body, false, input);
    if (residual.body().get(last) instanceof Attention attention) {
      through = heads(attention, body + "." + last, through);
    }
    String shortcut = name + "." + Residual.SHORTCUT;
    int lastAround = lastMap(residual.shortcut());
    int around =
        list(
            residual.shortcut(),
            0,
            lastAround < 0 ? residual.shortcut().size() : lastAround,
            shortcut,
            false,
            input);
    through = end(residual.body(), last, body, maps, own, through);
    OptionalInt skip = OptionalInt.of(around);
    if (lastAround >= 0) {
      around = end(residual.shortcut(), lastAround, shortcut, maps, own, around);
      skip = OptionalInt.empty();
    }
    int value = value(shapes.get(through));
    own.add(new Operation.Add(through, around, value));
    add(name, activation, FitStep.Kind.SUM, maps, skip, own);
    return value;
  }

  /** The map at the end of a path through a residual, with what follows it there. */
  private int end(
      List<LayerSpec> layers,
      int last,
      String name,
      List<AffineMap> maps,
      List<Operation> own,
      int input) {
    maps.add(map(layers, last, normed(layers, last + 1), name, input));
    int value = input;
    for (int i = last; i < layers.size(); i++) {
      value = run(own, name + "." + i, layers.get(i), value);
    }
    return value;
  }

  /**
   * The last map of a path whose output it is, up to a batchnorm and to dropout; -1 if there is
   * none.
   */
  private static int lastMap(List<LayerSpec> layers) {
    int i = layers.size() - 1;
    while (i >= 0 && layers.get(i) instanceof Dropout) {
      i--;
    }
    if (i > 0 && layers.get(i) instanceof BatchNorm) {
      i--;
    }
    return i >= 0 && layers.get(i).affine() ? i : -1;
  }

  /** The rectifier or gelu between a place and the next affine map. */
  private Optional<FitStep.Activation> activation(List<LayerSpec> layers, int next, boolean top) {
    List<LayerSpec> following = new ArrayList<>(layers.subList(next, layers.size()));
    if (top) {
      spec.levels().subList(level + 1, spec.levelCount()).forEach(following::addAll);
    }
    boolean averaged = false;
    for (LayerSpec layer : following) {
      if (layer instanceof Relu || layer instanceof Gelu) {
        return Optional.of(new FitStep.Activation(layer, averaged));
      }
      averaged |= layer instanceof AvgPool || layer instanceof GlobalAvgPool;
      if (!unitwise(layer)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** Whether a layer only moves, thins or pools what a unit gives. */
  private static boolean unitwise(LayerSpec layer) {
    return layer instanceof MaxPool
        || layer instanceof AvgPool
        || layer instanceof GlobalAvgPool
        || layer instanceof Flatten
        || layer instanceof Dropout
        || layer instanceof FirstToken;
  }

  private int run(List<Operation> operations, String name, LayerSpec layer, int input) {
    if (layer instanceof Attention attention) { // its heads have run
      int value = value(Objects.requireNonNull(attended.get(name)));
      operations.add(new Operation.Out(name, attention, input, value));
      return value;
    }
    int value = value(layer.output(shapes.get(input)));
    operations.add(new Operation.Run(name, layer, input, value));
    return value;
  }

  private int value(Shape shape) {
    shapes.add(shape);
    return shapes.size() - 1;
  }

  private void add(
      String place,
      Optional<FitStep.Activation> activation,
      FitStep.Kind kind,
      List<AffineMap> maps,
      OptionalInt skip,
      List<Operation> own) {
    UnitGroup group = groups.get(place);
    if (group == null) {
      faults.add(new Fault(place, "is no place where units can be read"));
      return;
    }
    int stride =
        group.places().stream()
            .filter(p -> p.layer().equals(place))
            .mapToInt(Place::stride)
            .findFirst()
            .orElseThrow();
    Shape output = shapes.get(own.get(own.size() - 1).result());
    steps.add(
        new FitStep(
            steps.size(),
            level,
            place,
            group.index(),
            stride,
            activation,
            kind,
            before,
            maps,
            skip,
            own,
            output));
    before = new ArrayList<>();
  }

  private void refuse(String name, LayerSpec layer, String why) {
    faults.add(new Fault(name + "." + layer.word(), why));
  }
}

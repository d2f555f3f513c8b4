package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.fusion.origin.Source;
import io.neurograft.fusion.origin.UnitSources;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Puts units of several donors into one network, parameter by parameter: block diagonal between
 * hidden groups, stacked on the shared input, side by side and scaled by the donors' shares before
 * the shared output. Units at one place become one unit: what makes it is their weighted mean, what
 * reads it the sum of what reads them.
 */
final class Assembly {
  private final NetworkSpec target;
  private final int classes; // the index of their group
  private final List<Donor> donors;
  private final List<Kept> kept; // of each group but the classes
  private final double[] shares;
  private final Map<String, List<Axis>> axes = new LinkedHashMap<>();

  /**
   * Whose units lie along an axis of a parameter.
   *
   * @param stride how many coordinates each has
   * @param reading whether the parameter reads the units
   */
  private record Axis(int group, int axis, int stride, boolean reading) {}

  /** Where coordinates of a donor go, and how much of each. */
  private static final class Move {
    private final int[] from;
    private final int[] to;
    private final double[] amounts;

    Move(int[] from, int[] to, double[] amounts) {
      this.from = from;
      this.to = to;
      this.amounts = amounts;
    }
  }

  Assembly(NetworkSpec target, List<Donor> donors, List<Kept> kept) {
    List<UnitGroup> groups = target.groups();
    this.target = target;
    this.classes = groups.size() - 1;
    this.donors = donors;
    this.kept = kept;
    this.shares = Shares.of(donors);
    for (UnitGroup group : groups) {
      for (Slice slice : group.slices()) {
        axes.computeIfAbsent(slice.parameter(), name -> new ArrayList<>())
            .add(
                new Axis(
                    group.index(),
                    slice.axis(),
                    slice.stride(),
                    slice.part() == Slice.Part.OUTGOING));
      }
    }
  }

  /** The result, whose weights are the caller's to close. */
  Donor donor(NDManager parent) {
    return new Donor(
        new Network(target, weights(parent)),
        new Scores(scores()),
        Donor.origins(donors),
        sources());
  }

  private Weights weights(NDManager parent) {
    try (NDManager scope = parent.newSubManager()) {
      Map<String, NDArray> arrays = new LinkedHashMap<>();
      target
          .parameters()
          .forEach((name, shape) -> arrays.put(name, scope.create(values(name, shape), shape)));
      return Weights.of(target, arrays, parent);
    }
  }

  private float[] values(String name, Shape shape) {
    double[] sums = new double[Math.toIntExact(shape.size())];
    for (int donor = 0; donor < donors.size(); donor++) {
      add(name, shape, donor, sums);
    }
    float[] values = new float[sums.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) sums[i];
    }
    return values;
  }

  /** Adds a donor's part of a parameter. */
  private void add(String name, Shape shape, int donor, double[] sums) {
    NDArray source = donors.get(donor).network().weights().get(name);
    float[] from = source.toFloatArray();
    Move rows = move(name, 0, donor, (int) source.getShape().get(0));
    Move columns = new Move(new int[] {0}, new int[] {0}, new double[] {1}); // a vector's
    int width = 1;
    int sourceWidth = 1;
    if (shape.dimension() > 1) {
      width = (int) shape.get(1);
      sourceWidth = (int) source.getShape().get(1);
      columns = move(name, 1, donor, sourceWidth);
    }
    int rest = sums.length / (int) shape.get(0) / width; // of a convolution: its kernel
    double scale = axis(name, 0).group() == classes ? shares[donor] : 1;
    for (int i = 0; i < rows.from.length; i++) {
      for (int j = 0; j < columns.from.length; j++) {
        double amount = scale * rows.amounts[i] * columns.amounts[j];
        int to = (rows.to[i] * width + columns.to[j]) * rest;
        int at = (rows.from[i] * sourceWidth + columns.from[j]) * rest;
        for (int r = 0; r < rest; r++) {
          sums[to + r] += amount * from[at + r];
        }
      }
    }
  }

  private Axis axis(String name, int axis) {
    return axes.getOrDefault(name, List.of()).stream()
        .filter(a -> a.axis() == axis)
        .findFirst()
        .orElse(new Axis(-1, axis, 1, true)); // the network's input
  }

  /** Where the donor's coordinates along an axis go in the result. */
  private Move move(String name, int at, int donor, int size) {
    Axis axis = axis(name, at);
    if (axis.group() < 0 || axis.group() == classes) { // all donors share them
      int[] same = IntStream.range(0, size).toArray();
      return new Move(same, same, ones(size));
    }
    Kept.Part part = kept.get(axis.group()).donors().get(donor);
    int[] from = new int[part.units().size() * axis.stride()];
    int[] to = new int[from.length];
    double[] amounts = ones(from.length);
    for (int i = 0; i < from.length; i++) {
      int unit = i / axis.stride();
      int within = i % axis.stride();
      from[i] = part.units().get(unit) * axis.stride() + within;
      to[i] = part.places().get(unit) * axis.stride() + within;
      if (!axis.reading()) {
        amounts[i] = part.amounts().get(unit);
      }
    }
    return new Move(from, to, amounts);
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  private List<List<Float>> scores() {
    List<List<Float>> scores = new ArrayList<>();
    for (int group = 0; group < classes; group++) {
      double[] sums = new double[kept.get(group).units()];
      for (int donor = 0; donor < donors.size(); donor++) {
        double[] own = donors.get(donor).scores().group(group);
        Kept.Part part = kept.get(group).donors().get(donor);
        for (int i = 0; i < part.units().size(); i++) {
          sums[part.places().get(i)] += part.amounts().get(i) * own[part.units().get(i)];
        }
      }
      scores.add(IntStream.range(0, sums.length).mapToObj(i -> (float) sums[i]).toList());
    }
    scores.add(donors.get(0).scores().groups().get(classes));
    return scores;
  }

  /** What each unit is made of: what the donors' units at its place were made of, by amount. */
  private List<UnitSources> sources() {
    List<UnitSources> sources = new ArrayList<>();
    for (int group = 0; group < classes; group++) {
      UnitSources.Sum sum = new UnitSources.Sum(kept.get(group).units());
      for (int donor = 0; donor < donors.size(); donor++) {
        List<List<Source>> own = donors.get(donor).sources().get(group).units();
        Kept.Part part = kept.get(group).donors().get(donor);
        for (int i = 0; i < part.units().size(); i++) {
          sum.add(part.places().get(i), own.get(part.units().get(i)), part.amounts().get(i));
        }
      }
      sources.add(sum.units());
    }
    sources.add(sourcesOfClasses());
    return sources;
  }

  private UnitSources sourcesOfClasses() {
    UnitSources.Sum sum = new UnitSources.Sum(target.classes());
    for (int donor = 0; donor < donors.size(); donor++) {
      List<List<Source>> own = donors.get(donor).sources().get(classes).units();
      for (int c = 0; c < own.size(); c++) {
        sum.add(c, own.get(c), shares[donor]);
      }
    }
    return sum.units();
  }
}

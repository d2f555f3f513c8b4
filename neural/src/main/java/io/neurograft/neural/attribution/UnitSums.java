package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.Place;
import io.neurograft.neural.network.UnitAxis;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Adds up the sizes of attributions unit by unit: over examples, and over what a unit has at a
 * place, which are positions or tokens, and coordinates where it has several. A group with several
 * places, such as a residual stream, gets the mean over them.
 */
final class UnitSums {
  private static final double LEAST = 1e-8;

  private final List<UnitGroup> groups;
  private final List<double[]> sums;

  UnitSums(List<UnitGroup> groups) {
    this.groups = groups;
    this.sums = groups.stream().map(group -> new double[group.units()]).toList();
  }

  /**
   * Adds a batch.
   *
   * @param attributions by the names of the places, arrays of the shapes there
   */
  void add(Map<String, NDArray> attributions) {
    for (UnitGroup group : groups) {
      for (Place place : group.places()) {
        NDArray attribution = attributions.get(place.layer());
        if (attribution == null) {
          throw new IllegalStateException("nothing passed " + place.layer());
        }
        double[] units = units(attribution, group.units());
        for (int unit = 0; unit < units.length; unit++) {
          add(group, unit, units[unit] / group.places().size());
        }
      }
    }
  }

  /** Adds to one unit. */
  void add(UnitGroup group, int unit, double size) {
    sums.get(group.index())[unit] += size;
  }

  private static double[] units(NDArray attribution, int units) {
    return attribution
        .abs()
        .reshape(before(attribution.getShape()), units, -1)
        .sum(new int[] {0, 2})
        .toType(DataType.FLOAT64, false)
        .toDoubleArray();
  }

  /** The size of all axes of a batch that come before the unit axis. */
  static long before(Shape batch) {
    return batch.slice(0, 1 + UnitAxis.of(batch.slice(1))).size();
  }

  /** The means over some examples, lifted above 0. */
  Scores scores(int examples) {
    List<List<Float>> scores = new ArrayList<>();
    for (double[] group : sums) {
      List<Float> units = new ArrayList<>();
      for (double sum : group) {
        units.add((float) (sum / examples + LEAST));
      }
      scores.add(units);
    }
    return new Scores(scores);
  }
}

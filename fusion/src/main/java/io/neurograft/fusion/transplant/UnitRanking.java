package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Scores the donors' units as units of the concatenated network: the mean over a group's slices of
 * the squared L2 norm of the unit's slice, biases left out. The head's weights count with the
 * donors' shares, as they stand there. One group at a time, one parameter at a time.
 *
 * <p>What was decided before counts: weights from and to units that are not kept are gone.
 */
final class UnitRanking {
  private static final Set<Slice.Part> WEIGHTS =
      Set.of(Slice.Part.INCOMING, Slice.Part.OUTGOING, Slice.Part.SCALE);

  private final List<Donor> donors;
  private final double[] shares;
  private final Ranking ranking;
  private final List<List<UnitGroup>> groups; // of each donor
  private final Map<Integer, Kept> decided = new TreeMap<>(); // by group

  UnitRanking(List<Donor> donors, Ranking ranking) {
    this.donors = donors;
    this.shares = Shares.of(donors);
    this.ranking = ranking;
    this.groups = donors.stream().map(donor -> donor.network().spec().groups()).toList();
  }

  /** Takes note of which units of a group are kept. */
  void decide(int group, Kept kept) {
    decided.put(group, kept);
  }

  /** One score for each unit of each donor in a group. */
  List<double[]> scores(int index) {
    List<double[]> all = new ArrayList<>();
    for (int donor = 0; donor < donors.size(); donor++) {
      double[] given = donors.get(donor).scores().group(index);
      all.add(
          switch (ranking) {
            case MAGNITUDE -> norms(donor, index, WEIGHTS);
            case INCOMING -> norms(donor, index, Set.of(Slice.Part.INCOMING));
            case SCORES -> given;
            case PRODUCT -> times(norms(donor, index, WEIGHTS), given);
          });
    }
    return all;
  }

  private double[] norms(int donor, int index, Set<Slice.Part> parts) {
    Network network = donors.get(donor).network();
    UnitGroup group = groups.get(donor).get(index);
    List<Slice> slices = group.slices().stream().filter(s -> parts.contains(s.part())).toList();
    String head = Shares.headWeight(network.spec());
    double[] norms = new double[group.units()];
    for (Slice slice : slices) {
      boolean scaled = slice.parameter().equals(head);
      double factor = scaled ? shares[donor] * shares[donor] : 1;
      NDArray parameter = network.weights().get(slice.parameter());
      add(parameter, slice, there(donor, parameter, slice), factor / slices.size(), norms);
    }
    return norms;
  }

  /** Which coordinates along a parameter's other axis are still there. */
  private boolean[] there(int donor, NDArray parameter, Slice slice) {
    Shape shape = parameter.getShape();
    int other = 1 - slice.axis();
    boolean[] there = new boolean[shape.dimension() > other ? (int) shape.get(other) : 1];
    Arrays.fill(there, true);
    decided.forEach(
        (index, kept) -> {
          for (Slice reached : groups.get(donor).get(index).slices()) {
            if (reached.parameter().equals(slice.parameter()) && reached.axis() == other) {
              Arrays.fill(there, false);
              for (int unit : kept.donors().get(donor).units()) {
                Arrays.fill(there, unit * reached.stride(), (unit + 1) * reached.stride(), true);
              }
            }
          }
        });
    return there;
  }

  /**
   * Adds {@code factor * |slice of the unit|^2} to each unit's norm.
   *
   * @param there the coordinates along the other axis that count
   */
  private static void add(
      NDArray parameter, Slice slice, boolean[] there, double factor, double[] norms) {
    Shape shape = parameter.getShape();
    int rows = (int) shape.get(0);
    int columns = shape.dimension() > 1 ? (int) shape.get(1) : 1;
    int rest = (int) (shape.size() / rows / columns); // of a convolution: its kernel
    float[] values = parameter.toFloatArray();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        if (there[slice.axis() == 0 ? j : i]) {
          int unit = (slice.axis() == 0 ? i : j) / slice.stride();
          for (int r = (i * columns + j) * rest; r < (i * columns + j + 1) * rest; r++) {
            norms[unit] += factor * values[r] * values[r];
          }
        }
      }
    }
  }

  private static double[] times(double[] a, double[] b) {
    double[] product = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      product[i] = a[i] * b[i];
    }
    return product;
  }
}

package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Scores the members' units as units of the concatenated network: the mean over a group's slices of
 * the squared L2 norm of the unit's slice, biases left out. The head's weights count with the
 * members' shares, as they stand there. One group at a time, one parameter at a time.
 */
final class UnitRanking {
  private static final Set<Slice.Part> WEIGHTS =
      Set.of(Slice.Part.INCOMING, Slice.Part.OUTGOING, Slice.Part.SCALE);

  private final List<Network> members;
  private final List<Scores> scores;
  private final double[] shares;
  private final Ranking ranking;
  private final List<List<UnitGroup>> groups; // of each member

  UnitRanking(List<Network> members, List<Scores> scores, double[] shares, Ranking ranking) {
    this.members = members;
    this.scores = scores;
    this.shares = shares;
    this.ranking = ranking;
    this.groups = members.stream().map(m -> m.spec().groups()).toList();
  }

  /** One score for each unit of each member in a group. */
  List<double[]> scores(int index) {
    List<double[]> all = new ArrayList<>();
    for (int member = 0; member < members.size(); member++) {
      all.add(
          switch (ranking) {
            case MAGNITUDE -> norms(member, index, WEIGHTS);
            case INCOMING -> norms(member, index, Set.of(Slice.Part.INCOMING));
            case SCORES -> scores.get(member).group(index);
            case PRODUCT -> times(norms(member, index, WEIGHTS), scores.get(member).group(index));
          });
    }
    return all;
  }

  private double[] norms(int member, int index, Set<Slice.Part> parts) {
    Network network = members.get(member);
    UnitGroup group = groups.get(member).get(index);
    List<Slice> slices = group.slices().stream().filter(s -> parts.contains(s.part())).toList();
    String head = Shares.headWeight(network.spec());
    double[] norms = new double[group.units()];
    for (Slice slice : slices) {
      boolean scaled = slice.parameter().equals(head);
      double factor = scaled ? shares[member] * shares[member] : 1;
      add(network.weights().get(slice.parameter()), slice, factor / slices.size(), norms);
    }
    return norms;
  }

  /** Adds {@code factor * |slice of the unit|^2} to each unit's norm. */
  private static void add(NDArray parameter, Slice slice, double factor, double[] norms) {
    Shape shape = parameter.getShape();
    int outer = slice.axis() == 0 ? 1 : (int) shape.get(0);
    int length = (int) (shape.size() / outer / norms.length);
    float[] values = parameter.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      norms[i / length % norms.length] += factor * values[i] * values[i];
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

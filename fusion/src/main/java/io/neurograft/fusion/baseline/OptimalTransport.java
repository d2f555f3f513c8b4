package io.neurograft.fusion.baseline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.fusion.assignment.Assignment;
import io.neurograft.fusion.interpolate.MomentSource;
import io.neurograft.neural.PhaseTimes;
import io.neurograft.neural.Progress;
import io.neurograft.neural.collection.Grams;
import io.neurograft.neural.collection.MomentCollection;
import io.neurograft.neural.moments.Gram;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * Optimal transport fusion (Singh and Jaggi, arXiv 1910.05653): every member's units are aligned to
 * the first member's, group by group, and the weights are averaged. Between as many units of equal
 * mass the transport is a permutation, found exactly. As in the authors' code, the cost of a pair
 * of units is the Euclidean distance, not squared, of their raw pre-activations or incoming
 * weights.
 */
public final class OptimalTransport {
  private final NetworkSpec target;
  private final List<Network> members;
  private final List<UnitGroup> groups; // all but the classes
  private final Progress progress;

  private OptimalTransport(NetworkSpec target, List<Network> members, Progress progress) {
    this.target = target;
    this.members = members;
    this.progress = progress;
    List<UnitGroup> all = target.groups();
    this.groups = all.subList(0, all.size() - 1);
  }

  /**
   * Fuses.
   *
   * @param target the network that all members are
   * @param source where activations' second moments come from; not asked for weights
   */
  public static Aligned fuse(
      NetworkSpec target,
      List<Network> members,
      Alignment alignment,
      MomentSource source,
      NDManager parent,
      PhaseTimes phases,
      Progress progress) {
    OptimalTransport transport = new OptimalTransport(target, members, progress);
    try (NDManager scope = parent.newSubManager()) {
      return alignment == Alignment.ACTIVATION
          ? transport.byActivations(source, parent, scope, phases)
          : phases.time("fuse", () -> transport.byWeights(parent, scope));
    }
  }

  private Aligned byActivations(
      MomentSource source, NDManager parent, NDManager scope, PhaseTimes phases) {
    MomentSource.Request request =
        new MomentSource.Request(target, members, new Grams(false, false), scope, phases);
    List<double[]> grams = new ArrayList<>();
    progress.report(0, "running the members");
    try (MomentCollection moments = source.begin(request)) {
      for (Gram gram : moments.grams()) {
        try (gram;
            NDArray matrix = gram.matrix(scope)) {
          grams.add(matrix.toDoubleArray());
        }
      }
    }
    return phases.time(
        "fuse",
        () ->
            average(
                parent,
                scope,
                (group, member, weights) ->
                    distances(grams.get(group.index()), group.units(), member)));
  }

  private Aligned byWeights(NDManager parent, NDManager scope) {
    try (PermutableWeights first = new PermutableWeights(members.get(0).weights(), scope)) {
      return average(
          parent, scope, (group, member, weights) -> distances(first, weights, group, scope));
    }
  }

  /** The distances (n x n) of a group's units in the first member from those in another. */
  private interface Costs {
    /**
     * @param weights the other member's, aligned in the groups before this one
     */
    double[] of(UnitGroup group, int member, PermutableWeights weights);
  }

  private Aligned average(NDManager parent, NDManager scope, Costs costs) {
    List<Weights> aligned = new ArrayList<>();
    List<List<int[]>> orders = new ArrayList<>();
    aligned.add(members.get(0).weights());
    orders.add(PermutableWeights.unpermuted(target));
    for (int member = 1; member < members.size(); member++) {
      progress.report((double) member / members.size(), "aligning member " + (member + 1));
      try (PermutableWeights weights =
          new PermutableWeights(members.get(member).weights(), scope)) {
        for (UnitGroup group : groups) {
          double[] cost = costs.of(group, member, weights);
          weights.permute(group, Assignment.solve(cost, group.units()));
        }
        aligned.add(weights.weights(scope));
        orders.add(weights.orders());
      }
    }
    return Aligned.mean(target, aligned, orders, parent);
  }

  /** {@code |z_i - z_j|} for i in the first member and j in another, from the Gram matrix. */
  private double[] distances(double[] gram, int units, int member) {
    int all = units * members.size();
    double[] distances = new double[units * units];
    for (int i = 0; i < units; i++) {
      for (int j = 0; j < units; j++) {
        int other = member * units + j;
        double squared = gram[i * all + i] + gram[other * all + other] - 2 * gram[i * all + other];
        distances[i * units + j] = Math.sqrt(Math.max(0, squared));
      }
    }
    return distances;
  }

  /** {@code |w_i - w_j|} over the incoming weights whose inputs are aligned. */
  private double[] distances(
      PermutableWeights first, PermutableWeights other, UnitGroup group, NDManager parent) {
    int units = group.units();
    double[] distances = new double[units * units];
    for (Slice slice : group.slices()) {
      if (comparable(slice, group)) {
        try (NDManager scope = parent.newSubManager()) {
          NDArray a = PermutableWeights.rows(first.arrays(), slice, units, scope);
          NDArray b = PermutableWeights.rows(other.arrays(), slice, units, scope);
          NDArray lengths = a.square().sum(new int[] {1}, true); // (n x 1)
          NDArray others = b.square().sum(new int[] {1}).reshape(1, units);
          NDArray products = a.matMul(b.transpose());
          double[] squared = lengths.add(others).sub(products.mul(2)).toDoubleArray();
          for (int i = 0; i < squared.length; i++) {
            distances[i] += Math.max(0, squared[i]);
          }
        }
      }
    }
    for (int i = 0; i < distances.length; i++) {
      distances[i] = Math.sqrt(distances[i]);
    }
    return distances;
  }

  /** Whether a slice holds incoming weights, none of whose inputs is yet to be aligned. */
  private boolean comparable(Slice slice, UnitGroup group) {
    return slice.part() == Slice.Part.INCOMING
        && groups.subList(group.index(), groups.size()).stream()
            .flatMap(open -> open.slices().stream())
            .noneMatch(
                open -> open.parameter().equals(slice.parameter()) && open.axis() != slice.axis());
  }
}

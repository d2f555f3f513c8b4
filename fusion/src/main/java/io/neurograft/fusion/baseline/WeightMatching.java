package io.neurograft.fusion.baseline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.neurograft.fusion.assignment.Assignment;
import io.neurograft.neural.Progress;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Slice;
import io.neurograft.neural.network.UnitGroup;
import io.neurograft.neural.network.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Git Re-Basin's weight matching (Ainsworth et al., arXiv 2209.04836): one group after the other,
 * in random order, gets the permutation under which the members' weights agree best, all other
 * groups as they are, until no group agrees better; then the weights are averaged. Of two members
 * the second is matched to the first (Algorithm 1); of more, each in turn to the mean of the others
 * (Algorithm 3).
 */
public final class WeightMatching {
  private static final int MOST_SWEEPS = 100;

  /** What a permutation must add to the agreement, as a part of it: more than rounding does. */
  private static final double LEAST_GAIN = 1e-9;

  private final List<UnitGroup> groups; // all but the classes
  private final List<PermutableWeights> members;
  private final Random random;
  private final NDManager scope;
  private final Progress progress;
  private int sweeps; // how many there were

  private WeightMatching(
      NetworkSpec target, List<Weights> members, long seed, NDManager scope, Progress progress) {
    List<UnitGroup> all = target.groups();
    this.groups = all.subList(0, all.size() - 1);
    this.members = members.stream().map(m -> new PermutableWeights(m, scope)).toList();
    this.random = new Random(seed);
    this.scope = scope;
    this.progress = progress;
  }

  /**
   * Fuses.
   *
   * @param target the network that all members are
   * @param seed of the order in which groups and members are taken
   */
  public static Aligned fuse(
      NetworkSpec target, List<Weights> members, long seed, NDManager parent, Progress progress) {
    try (NDManager scope = parent.newSubManager()) {
      WeightMatching matching = new WeightMatching(target, members, seed, scope, progress);
      matching.matchAll();
      List<Weights> matched = matching.members.stream().map(m -> m.weights(scope)).toList();
      List<List<int[]>> orders = matching.members.stream().map(PermutableWeights::orders).toList();
      return Aligned.mean(target, matched, orders, parent);
    }
  }

  private void matchAll() {
    List<Integer> order = new ArrayList<>(IntStream.range(0, members.size()).boxed().toList());
    if (order.size() == 2) {
      match(members.get(1), members.get(0).arrays());
      return;
    }
    boolean better = order.size() > 1;
    for (int turn = 0; better && turn < MOST_SWEEPS; turn++) {
      better = false;
      Collections.shuffle(order, random);
      for (int member : order) {
        try (NDManager turnScope = scope.newSubManager()) {
          better |= match(members.get(member), meanOfOthers(member, turnScope));
        }
      }
    }
  }

  private Map<String, NDArray> meanOfOthers(int member, NDManager target) {
    Map<String, NDArray> means = new LinkedHashMap<>();
    members
        .get(member)
        .arrays()
        .forEach(
            (name, own) -> {
              NDArray sum = target.zeros(own.getShape());
              for (int other = 0; other < members.size(); other++) {
                if (other != member) {
                  sum.addi(members.get(other).arrays().get(name));
                }
              }
              means.put(name, sum.divi(members.size() - 1));
            });
    return means;
  }

  /** Sweeps over the groups until none agrees better; says whether any did. */
  private boolean match(PermutableWeights member, Map<String, NDArray> reference) {
    List<UnitGroup> order = new ArrayList<>(groups);
    boolean ever = false;
    boolean better = true;
    for (int sweep = 0; better && sweep < MOST_SWEEPS; sweep++) {
      sweeps++;
      progress.report(1 - 1 / (1 + 0.2 * sweeps), "matching weights, sweep " + sweeps);
      better = false;
      Collections.shuffle(order, random);
      for (UnitGroup group : order) {
        better |= improve(member, reference, group);
      }
      ever |= better;
    }
    return ever;
  }

  /** Gives a group its best permutation, where that is better than what it has. */
  private boolean improve(
      PermutableWeights member, Map<String, NDArray> reference, UnitGroup group) {
    try (NDManager step = scope.newSubManager()) {
      int[] order = Assignment.solve(disagreement(member, reference, group, step), group.units());
      Map<String, NDArray> changed = member.permuted(group, order, step);
      // A parameter may have the group on both axes; then the assignment is only an estimate.
      double before = agreement(member.arrays(), reference, changed.keySet(), step);
      double after = agreement(changed, reference, changed.keySet(), step);
      if (after - before <= LEAST_GAIN * Math.abs(before)) {
        return false;
      }
      member.keep(group, order, changed);
      return true;
    }
  }

  /**
   * Minus the inner products (n x n) of the reference's units with the member's, slice by slice.
   */
  private double[] disagreement(
      PermutableWeights member, Map<String, NDArray> reference, UnitGroup group, NDManager step) {
    int units = group.units();
    NDArray sum = step.zeros(new Shape(units, units), DataType.FLOAT64);
    for (Slice slice : group.slices()) {
      if (Weights.trained(slice.parameter())) {
        try (NDManager inner = step.newSubManager()) {
          NDArray a = PermutableWeights.rows(reference, slice, units, inner);
          NDArray b = PermutableWeights.rows(member.arrays(), slice, units, inner);
          sum.subi(a.matMul(b.transpose()));
        }
      }
    }
    return sum.toDoubleArray();
  }

  /** The inner product of two networks' trained weights, over some parameters. */
  private static double agreement(
      Map<String, NDArray> some,
      Map<String, NDArray> reference,
      Set<String> names,
      NDManager step) {
    double sum = 0;
    for (String name : names) {
      if (Weights.trained(name)) {
        try (NDManager inner = step.newSubManager()) {
          NDArray a = exact(some, name, inner);
          sum += a.mul(exact(reference, name, inner)).sum().getDouble();
        }
      }
    }
    return sum;
  }

  private static NDArray exact(Map<String, NDArray> arrays, String name, NDManager target) {
    NDArray exact = PermutableWeights.get(arrays, name).toType(DataType.FLOAT64, true);
    exact.attach(target);
    return exact;
  }
}

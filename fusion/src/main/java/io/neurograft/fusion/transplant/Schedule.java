package io.neurograft.fusion.transplant;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.Progress;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of one fusion in their order. What a step makes stands for all members in it: its share
 * of the output and of the places is theirs. Each step makes the target's widths, or fewer where
 * its donors have no more; what the next step does not need is freed.
 */
final class Schedule {
  private final Step step;
  private final NetworkSpec target;
  private final Order order;
  private final List<Donor> given;
  private final NDManager scope;
  private final Progress progress;
  private final int steps; // how many there will be
  private int done;

  /** The steps that fuse at least one donor. */
  Schedule(
      Step step,
      NetworkSpec target,
      Order order,
      List<Donor> given,
      NDManager scope,
      Progress progress) {
    this.step = step;
    this.target = target;
    this.order = order;
    this.given = given;
    this.scope = scope;
    this.progress = progress;
    this.steps = order == Order.SIMULTANEOUS ? 1 : Math.max(1, given.size() - 1);
  }

  /** All donors in one network of the target's widths. */
  Donor run() {
    if (given.size() == 1) {
      return fuse(given);
    }
    return switch (order) {
      case SIMULTANEOUS -> fuse(given);
      case ITERATIVE -> given.stream().reduce(this::pair).orElseThrow();
      case RECURSIVE -> tree(given);
    };
  }

  private Donor tree(List<Donor> donors) {
    if (donors.size() == 1) {
      return donors.get(0);
    }
    int half = (donors.size() + 1) / 2;
    return pair(tree(donors.subList(0, half)), tree(donors.subList(half, donors.size())));
  }

  private Donor pair(Donor one, Donor other) {
    Donor fused = fuse(List.of(one, other));
    for (Donor used : List.of(one, other)) {
      if (!given.contains(used)) {
        used.close();
      }
    }
    return fused;
  }

  private Donor fuse(List<Donor> donors) {
    Progress part = progress.part((double) done / steps, (done + 1.0) / steps);
    done++;
    return step.fuse(widths(donors), donors, scope, part);
  }

  /** The target, no wider than the donors together. */
  private NetworkSpec widths(List<Donor> donors) {
    List<Integer> units = new ArrayList<>();
    List<UnitGroup> groups = target.groups();
    for (UnitGroup group : groups.subList(0, groups.size() - 1)) {
      int all = donors.stream().mapToInt(donor -> donor.units(group.index())).sum();
      units.add(Math.min(all, group.units()));
    }
    units.add(target.classes());
    return target.withUnits(units);
  }
}

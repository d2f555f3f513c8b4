package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Batches;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Pass;
import io.neurograft.neural.network.UnitGroup;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Ablation: what the logit of an example's own class loses where one unit is set to zero at all its
 * places (design: fusion, section 3). One forward pass for each unit, from its first level on;
 * several units run side by side, each in a copy of the batch.
 */
final class Ablation {
  private final Network network;
  private final List<UnitGroup> groups;
  private final int rows;
  private final UnitSums sums;

  /**
   * @param rows how many examples may run side by side, copies counted; at least 1
   * @param sums what the sizes of the losses are added to
   */
  Ablation(Network network, int rows, UnitSums sums) {
    this.network = network;
    this.groups = network.spec().groups();
    this.rows = rows;
    this.sums = sums;
  }

  /**
   * Where runs without a unit start.
   *
   * @param value the output of the level before {@code level} (B x ...)
   * @param place the name of the place that {@code value} was read at
   */
  private record Start(NDArray value, String place, int level) {}

  /**
   * The logits of a batch's own classes.
   *
   * @param target one row per example, 1 at its own class, else 0 (B x classes)
   * @param logits those of the whole network (B)
   */
  private record Own(NDArray target, NDArray logits) {}

  /** Adds a batch. */
  void add(Batch batch, Progress progress) {
    NetworkSpec spec = network.spec();
    NDArray target = batch.labels().oneHot(spec.classes(), DataType.FLOAT32);
    Own own = new Own(target, network.forward(batch.x()).mul(target).sum(new int[] {1}));
    double all = groups.stream().mapToInt(UnitGroup::units).sum();
    int done = 0;
    Start input = new Start(batch.x(), "", 0);
    while (input.level() < spec.levelCount()) {
      Set<String> places = new HashSet<>();
      Start output = next(input, places);
      for (UnitGroup group : groups) {
        String first = group.places().get(0).layer();
        if (places.contains(first)) {
          // Where units are what a level ends in, the level itself runs once for all.
          Start start = first.equals(output.place()) ? output : input;
          for (int unit = 0; unit < group.units(); ) {
            int count = Math.min(Math.max(rows / batch.size(), 1), group.units() - unit);
            ablate(group, unit, count, start, own);
            unit += count;
            done += count;
            progress.report(done / all, "scoring");
          }
        }
      }
      input = output;
    }
  }

  /** Runs one level; notes the places that it passes. */
  private Start next(Start input, Set<String> places) {
    int level = input.level();
    Pass noting =
        Pass.EVALUATION.tapping(
            (place, value) -> {
              places.add(place);
              return value;
            });
    NDArray output = network.forward(input.value(), level, level + 1, noting);
    int last = network.spec().levels().get(level).size() - 1;
    return new Start(output, NetworkSpec.place(level, last), level + 1);
  }

  private void ablate(UnitGroup group, int first, int count, Start start, Own own) {
    Batches.stopIfInterrupted();
    try (NDManager scope = own.target().getManager().newSubManager()) {
      UnitMasks masks = UnitMasks.of(group, first, count, scope);
      NDArray value = masks.mask(start.place(), masks.copy(start.value()));
      int levels = network.spec().levelCount();
      Pass pass = Pass.EVALUATION.tapping(masks::mask);
      NDArray logits = network.forward(value, start.level(), levels, pass);
      NDArray without =
          logits.reshape(count, -1, network.spec().classes()).mul(own.target()).sum(new int[] {2});
      float[] sizes = without.sub(own.logits()).abs().sum(new int[] {1}).toFloatArray();
      for (int i = 0; i < count; i++) {
        sums.add(group, first + i, sizes[i]);
      }
    }
  }
}

package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.moments.AffineRows;
import io.neurograft.neural.network.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The members' outputs Z at the sampled rows of each level. The members run once over the examples;
 * what their rows need beyond the budget is not kept, and computed again when it is asked for. The
 * deepest levels are kept first, since they cost most to compute again.
 */
final class MemberRows {
  private final List<Network> members;
  private final List<AffineRows> rows;
  private final NDManager scope;
  private final boolean[] kept; // by level
  private final Map<Integer, List<NDArray>> store = new HashMap<>(); // batch -> level -> Z

  MemberRows(
      List<Network> members, List<AffineRows> rows, long examples, long budget, NDManager scope) {
    this.members = members;
    this.rows = rows;
    this.scope = scope;
    this.kept = new boolean[rows.size()];
    long left = budget;
    for (int level = rows.size() - 1; level >= 0; level--) {
      long bytes = 4L * examples * rows.get(level).perExample() * units(level);
      kept[level] = bytes <= left;
      left -= kept[level] ? bytes : 0;
    }
  }

  /** The members' units at a level, all together: N. */
  long units(int level) {
    return members.stream().mapToLong(m -> m.spec().units(level)).sum();
  }

  /**
   * Runs the members over a batch and keeps what fits.
   *
   * @param index the sampled rows of each level
   * @return Z (rows x N) of each level, to be used before the batch ends
   */
  List<NDArray> run(int batch, NDArray x, List<Optional<NDArray>> index) {
    List<NDArray> all = compute(x, index, 0, kept.length);
    List<NDArray> held = new ArrayList<>();
    for (int level = 0; level < kept.length; level++) {
      if (kept[level]) {
        all.get(level).attach(scope);
      }
      held.add(all.get(level));
    }
    store.put(batch, held);
    return all;
  }

  /** Z (rows x N) of a level, kept or computed again. */
  NDArray get(int batch, int level, NDArray x, Optional<NDArray> index) {
    List<NDArray> held = store.get(batch);
    if (kept[level] && held != null) {
      return held.get(level);
    }
    List<Optional<NDArray>> only = new ArrayList<>();
    for (int l = 0; l < level; l++) {
      only.add(Optional.empty());
    }
    only.add(index);
    return compute(x, only, level, level + 1).get(0);
  }

  /** Frees a level's rows, which nobody will ask for again. */
  void drop(int level) {
    if (kept[level]) {
      store.values().forEach(held -> held.get(level).close());
      kept[level] = false;
    }
  }

  private List<NDArray> compute(NDArray x, List<Optional<NDArray>> index, int from, int to) {
    List<NDList> parts = new ArrayList<>();
    for (int level = from; level < to; level++) {
      parts.add(new NDList());
    }
    for (Network member : members) {
      NDArray value = x.duplicate();
      for (int level = 0; level < to; level++) {
        // A scope of its own for each level: its input and everything between are freed at once.
        try (NDManager step = x.getManager().newSubManager()) {
          value.attach(step);
          value = member.forward(value, level, level + 1);
          if (level >= from) {
            NDArray part = rows.get(level).outputs(value, index.get(level));
            part.attach(x.getManager());
            parts.get(level - from).add(part);
          }
          value.attach(x.getManager());
        }
      }
      value.close();
    }
    return parts.stream().map(list -> NDArrays.concat(list, 1)).toList();
  }
}

package io.neurograft.neural.collection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.moments.AffineRows;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What the members give at the sampled rows of each step. The members run once over the examples;
 * what their rows need beyond the budget is not kept, and computed again when it is asked for. The
 * deepest steps are kept first, since they cost most to compute again.
 */
final class MemberRows {
  private final List<Network> members;
  private final List<FitStep> steps;
  private final List<AffineRows> rows;
  private final NDManager scope;
  private final boolean[] kept; // by step
  private final long[] bytes; // by step, if it is kept
  private final Map<Integer, List<NDArray>> store = new HashMap<>(); // batch -> step -> targets

  MemberRows(
      List<Network> members,
      List<FitStep> steps,
      List<AffineRows> rows,
      long examples,
      long budget,
      NDManager scope) {
    this.members = members;
    this.steps = steps;
    this.rows = rows;
    this.scope = scope;
    this.kept = new boolean[steps.size()];
    this.bytes = new long[steps.size()];
    for (int step = steps.size() - 1; step >= 0; step--) {
      FitStep at = steps.get(step);
      long columns = (long) units(at) * at.stride() * at.targets().size();
      bytes[step] = 4L * examples * rows.get(step).perExample() * columns;
      kept[step] = bytes[step] <= budget - keptBytes();
    }
  }

  private int units(FitStep step) {
    return members.stream().mapToInt(m -> m.spec().groups().get(step.group()).units()).sum();
  }

  /** The memory of the rows that are kept, in bytes. */
  long keptBytes() {
    return IntStream.range(0, kept.length)
        .filter(step -> kept[step])
        .mapToLong(s -> bytes[s])
        .sum();
  }

  /**
   * Runs the members over a batch and keeps what fits.
   *
   * @param index the sampled rows of each step
   * @return the place's rows (rows x N stride) of each step, to be used before the batch ends
   */
  List<NDArray> run(int batch, NDArray x, List<Optional<NDArray>> index) {
    Set<String> names = new TreeSet<>();
    for (FitStep step : steps) {
      names.add(step.place());
      if (kept[step.index()]) {
        names.addAll(step.targets());
      }
    }
    Map<String, NDArray> all = compute(x, steps, index, names);
    List<NDArray> held = new ArrayList<>();
    List<NDArray> places = new ArrayList<>();
    for (FitStep step : steps) {
      places.add(get(all, step.place()));
      if (kept[step.index()]) {
        held.add(targets(step, all));
        held.get(step.index()).attach(scope);
      } else {
        held.add(places.get(step.index()));
      }
    }
    List<NDArray> before = store.put(batch, held);
    if (before != null) { // the members run again over the same batch
      for (FitStep step : steps) {
        if (kept[step.index()]) {
          before.get(step.index()).close();
        }
      }
    }
    return places;
  }

  /** A step's targets (rows x targets N stride), kept or computed again. */
  NDArray get(int batch, int step, NDArray x, Optional<NDArray> index) {
    List<NDArray> held = store.get(batch);
    if (kept[step] && held != null) {
      return held.get(step);
    }
    List<Optional<NDArray>> indices = new ArrayList<>();
    steps.forEach(other -> indices.add(index));
    FitStep only = steps.get(step);
    return targets(only, compute(x, List.of(only), indices, Set.copyOf(only.targets())));
  }

  /** Frees a step's rows, which nobody will ask for again. */
  void drop(int step) {
    if (kept[step]) {
      store.values().forEach(held -> held.get(step).close());
      kept[step] = false;
    }
  }

  private static NDArray targets(FitStep step, Map<String, NDArray> all) {
    List<NDArray> parts = step.targets().stream().map(name -> get(all, name)).toList();
    return parts.size() == 1
        ? parts.get(0)
        : NDArrays.concat(new NDList(parts.toArray(NDArray[]::new)), 1);
  }

  private static NDArray get(Map<String, NDArray> all, String name) {
    NDArray rows = all.get(name);
    if (rows == null) {
      throw new IllegalStateException("the members have no place " + name);
    }
    return rows;
  }

  /**
   * The rows of the places that are asked for, all members side by side.
   *
   * @param wanted the steps whose rows they are
   */
  private Map<String, NDArray> compute(
      NDArray x, List<FitStep> wanted, List<Optional<NDArray>> index, Set<String> names) {
    Map<String, FitStep> owners = new HashMap<>();
    for (FitStep step : wanted) {
      owners.put(step.place(), step);
      step.targets().forEach(name -> owners.put(name, step));
    }
    Map<String, NDList> parts = new LinkedHashMap<>();
    Pass pass =
        Pass.EVALUATION.tapping(
            (name, value) -> {
              FitStep step = owners.get(name);
              if (step != null && names.contains(name)) {
                NDArray part = rows.get(step.index()).outputs(value, index.get(step.index()));
                part.attach(x.getManager());
                parts.computeIfAbsent(name, n -> new NDList()).add(part);
              }
              return value;
            });
    int levels = wanted.get(wanted.size() - 1).level() + 1;
    for (Network member : members) {
      NDArray value = x.duplicate();
      for (int level = 0; level < levels; level++) {
        // A scope of its own for each level: its input and everything between are freed at once.
        try (NDManager step = x.getManager().newSubManager()) {
          value.attach(step);
          value = member.forward(value, level, level + 1, pass);
          value.attach(x.getManager());
        }
      }
      value.close();
    }
    Map<String, NDArray> all = new HashMap<>();
    parts.forEach((name, list) -> all.put(name, NDArrays.concat(list, 1)));
    return all;
  }
}

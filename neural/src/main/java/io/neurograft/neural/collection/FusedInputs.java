package io.neurograft.neural.collection;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.moments.FitStep;
import io.neurograft.neural.moments.Operation;
import io.neurograft.neural.network.Network;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The values that the fit steps read in the fused network. Those of the step asked for last are
 * kept where they fit into the budget, so that the next step starts there; where they do not, the
 * fused prefix is run from the examples on.
 */
final class FusedInputs {
  private record Held(int step, Map<Integer, NDArray> values) {}

  private final List<FitStep> steps;
  private final List<Set<Integer>> live; // by step: the values that it and later ones read
  private final long examples;
  private final LongSupplier budget;
  private final NDManager scope;
  private final Map<Integer, Held> held = new HashMap<>(); // by batch

  FusedInputs(List<FitStep> steps, long examples, LongSupplier budget, NDManager scope) {
    this.steps = steps;
    this.live = live(steps);
    this.examples = examples;
    this.budget = budget;
    this.scope = scope;
  }

  /** Walks back from the last step: what is read and not made in between must be there. */
  private static List<Set<Integer>> live(List<FitStep> steps) {
    List<Set<Integer>> live = new ArrayList<>();
    Set<Integer> wanted = new HashSet<>();
    for (int step = steps.size() - 1; step >= 0; step--) {
      unmake(steps.get(step).own(), wanted);
      live.add(0, Set.copyOf(wanted));
      unmake(steps.get(step).before(), wanted);
    }
    return live;
  }

  private static void unmake(List<Operation> operations, Set<Integer> wanted) {
    for (int i = operations.size() - 1; i >= 0; i--) {
      wanted.remove(operations.get(i).result());
      wanted.addAll(operations.get(i).operands());
    }
  }

  /**
   * The values that a step and those after it read, by their numbers; valid until the next call for
   * the same batch.
   *
   * @param fused the fused network, fitted below the step
   * @param x the batch's examples
   */
  Map<Integer, NDArray> get(Network fused, int step, int batch, NDArray x) {
    Map<Integer, NDArray> values = compute(fused, step, held.remove(batch), x);
    // The examples themselves come with every pass; they are not worth keeping.
    if (!values.containsValue(x)
        && bytes(values.values(), x.getShape().get(0)) <= budget.getAsLong()) {
      values.values().forEach(value -> value.attach(scope));
      held.put(batch, new Held(step, values));
    }
    return values;
  }

  /**
   * The value that a step makes.
   *
   * @param values what {@link #get} gave for the step
   * @param batch the scope of the result
   */
  NDArray result(Network fused, int step, Map<Integer, NDArray> values, NDManager batch) {
    Map<Integer, NDArray> all = new HashMap<>(values);
    for (Operation operation : steps.get(step).own()) {
      NDArray made = operation.apply(fused, number -> get(all, number));
      made.attach(batch); // the values themselves outlive it
      all.put(operation.result(), made);
    }
    return get(all, steps.get(step).result());
  }

  /** Drops what is kept, since steps before have other weights now. */
  void forget() {
    held.values().forEach(kept -> kept.values().values().forEach(NDArray::close));
    held.clear();
  }

  /** What values of one batch say of the values of all batches. */
  private long bytes(Collection<NDArray> values, long batchSize) {
    long size = values.stream().mapToLong(NDArray::size).sum();
    return 4 * examples * (size / batchSize);
  }

  private Map<Integer, NDArray> compute(Network fused, int step, @Nullable Held held, NDArray x) {
    Map<Integer, NDArray> values = new HashMap<>();
    int at = -1;
    if (held == null) {
      values.put(0, x);
    } else {
      at = held.step();
      values.putAll(held.values());
      values.values().forEach(value -> value.attach(x.getManager())); // it ends with the batch
    }
    while (at < step) {
      if (at >= 0) {
        run(steps.get(at).own(), fused, values);
      }
      at++;
      run(steps.get(at).before(), fused, values);
      keep(live.get(at), values, x);
    }
    return values;
  }

  private static void run(List<Operation> operations, Network fused, Map<Integer, NDArray> values) {
    for (Operation operation : operations) {
      values.put(operation.result(), operation.apply(fused, number -> get(values, number)));
    }
  }

  private static NDArray get(Map<Integer, NDArray> values, int number) {
    NDArray value = values.get(number);
    if (value == null) {
      throw new IllegalStateException("value " + number + " is not there");
    }
    return value;
  }

  /** Frees what nobody reads any more; several values can be one array. */
  private static void keep(Set<Integer> live, Map<Integer, NDArray> values, NDArray x) {
    List<NDArray> dead = new ArrayList<>();
    values.forEach(
        (number, value) -> {
          if (!live.contains(number)) {
            dead.add(value);
          }
        });
    values.keySet().retainAll(live);
    for (NDArray value : Set.copyOf(dead)) {
      if (value != x && values.values().stream().noneMatch(other -> other == value)) {
        value.close();
      }
    }
  }
}

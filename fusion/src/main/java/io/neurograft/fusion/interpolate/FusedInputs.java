package io.neurograft.fusion.interpolate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a level's affine map in the fused network. The inputs of the level asked for last
 * are kept where they fit into the budget, so that the next level starts there; where they do not,
 * the fused prefix is run from the examples on.
 */
final class FusedInputs {
  private record Held(int level, NDArray input) {}

  private final NetworkSpec spec;
  private final long examples;
  private final long budget;
  private final NDManager scope;
  private final Map<Integer, Held> held = new HashMap<>(); // by batch

  FusedInputs(NetworkSpec spec, long examples, long budget, NDManager scope) {
    this.spec = spec;
    this.examples = examples;
    this.budget = budget;
    this.scope = scope;
  }

  /**
   * The input of a level's affine map, valid until the next call for the same batch.
   *
   * @param fused the fused network, fitted below the level
   * @param x the batch's examples
   */
  NDArray get(Network fused, int level, int batch, NDArray x) {
    NDArray input = compute(fused, level, held.remove(batch), x);
    // A level's own examples come with every pass; they are not worth keeping.
    if (level > 0 && 4 * examples * inputSize(level) <= budget) {
      input.attach(scope);
      held.put(batch, new Held(level, input));
    }
    return input;
  }

  private static NDArray compute(Network fused, int level, @Nullable Held held, NDArray x) {
    if (held == null) {
      return fused.affineInput(fused.forward(x, 0, level), level);
    }
    NDArray input = held.input();
    input.attach(x.getManager()); // it and what is made of it end with the batch
    if (held.level() == level) {
      return input;
    }
    NDArray output = fused.affineOutput(input, held.level());
    return fused.affineInput(fused.forward(output, held.level() + 1, level), level);
  }

  private long inputSize(int level) {
    Shape shape = spec.input(level);
    for (LayerSpec layer : spec.levels().get(level).subList(0, spec.affineLayer(level))) {
      shape = layer.output(shape);
    }
    return shape.size();
  }
}

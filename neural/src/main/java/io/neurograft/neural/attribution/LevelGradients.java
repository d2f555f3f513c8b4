package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import io.neurograft.neural.tensor.Gradients;
import java.util.ArrayList;
import java.util.List;

/**
 * The output of every level for one batch, and the gradient of each example's own logit with
 * respect to it: one forward and one backward pass for all levels, since each level is
 * differentiated on its own and the gradients are handed from level to level.
 *
 * @param outputs the pre-activations of each level
 * @param gradients of the same shapes
 */
record LevelGradients(List<NDArray> outputs, List<NDArray> gradients) {
  /**
   * Runs the network.
   *
   * @param x the batch, normalised (B x input)
   * @param target one row per example, 1 at its own class, else 0 (B x classes)
   * @param pass how rectifiers are differentiated
   * @param scope holds the results
   */
  static LevelGradients of(Network network, NDArray x, NDArray target, Pass pass, NDManager scope) {
    int levels = network.spec().levelCount();
    List<NDArray> outputs = new ArrayList<>();
    List<NDArray> leaves = new ArrayList<>();
    List<NDArray> results = new ArrayList<>();
    NDArray value = x;
    for (int level = 0; level < levels; level++) {
      int at = level;
      NDArray leaf = level == 0 ? value : Gradients.leaf(value, scope);
      NDArray result = Gradients.record(() -> network.forward(leaf, at, at + 1, pass));
      leaves.add(leaf);
      results.add(result);
      value = result.stopGradient();
      outputs.add(value);
    }
    NDArray gradient = target;
    List<NDArray> gradients = new ArrayList<>(java.util.Collections.nCopies(levels, target));
    for (int level = levels - 1; level > 0; level--) {
      Gradients.backward(results.get(level), gradient);
      gradient = leaves.get(level).getGradient();
      gradient.attach(scope);
      gradients.set(level - 1, gradient);
    }
    return new LevelGradients(outputs, gradients);
  }
}

package io.neurograft.neural.moments;

import ai.djl.ndarray.NDArray;
import io.neurograft.neural.network.Attention;
import io.neurograft.neural.network.LayerSpec;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Pass;
import java.util.List;
import java.util.function.IntFunction;

/**
 * One step of a network's run: makes a value of others. Values are numbered; 0 is the network's
 * input.
 */
public sealed interface Operation {
  /** The value that is made. */
  int result();

  /** The values that it is made of. */
  List<Integer> operands();

  /**
   * Runs in evaluation mode.
   *
   * @param values gives the operands' arrays
   * @return the result, in the scope of the first operand; may be the operand itself
   */
  NDArray apply(Network network, IntFunction<NDArray> values);

  /**
   * Runs a layer.
   *
   * @param name the layer's name
   */
  record Run(String name, LayerSpec layer, int operand, int result) implements Operation {
    @Override
    public List<Integer> operands() {
      return List.of(operand);
    }

    @Override
    public NDArray apply(Network network, IntFunction<NDArray> values) {
      return network.run(name, layer, values.apply(operand));
    }
  }

  /** What the heads of an attention give, before they are mapped back. */
  record Heads(String name, Attention layer, int operand, int result) implements Operation {
    @Override
    public List<Integer> operands() {
      return List.of(operand);
    }

    @Override
    public NDArray apply(Network network, IntFunction<NDArray> values) {
      return layer.heads(values.apply(operand), network.parameters(name), Pass.EVALUATION);
    }
  }

  /** Maps back what the heads of an attention gave. */
  record Out(String name, Attention layer, int operand, int result) implements Operation {
    @Override
    public List<Integer> operands() {
      return List.of(operand);
    }

    @Override
    public NDArray apply(Network network, IntFunction<NDArray> values) {
      return layer.out(values.apply(operand), network.parameters(name));
    }
  }

  /** Adds two values, as a residual does at its end. */
  record Add(int left, int right, int result) implements Operation {
    @Override
    public List<Integer> operands() {
      return List.of(left, right);
    }

    @Override
    public NDArray apply(Network network, IntFunction<NDArray> values) {
      return values.apply(left).add(values.apply(right));
    }
  }
}

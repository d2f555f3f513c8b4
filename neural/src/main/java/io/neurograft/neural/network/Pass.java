package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/**
 * A run through a network: for evaluation; for training, where BatchNorm uses and updates the
 * batch's statistics and dropout draws from a seeded source; or for attribution, where the slope of
 * an activation is not its derivative. Any of them can be tapped.
 *
 * @param random the source of a training pass; empty otherwise
 * @param rule what applies an activation to its input in an attribution pass; empty otherwise
 * @param tap what every layer's output goes through; empty where it goes on as it is
 */
public record Pass(
    Optional<SplittableRandom> random,
    Optional<BiFunction<NDArray, UnaryOperator<NDArray>, NDArray>> rule,
    Optional<BiFunction<String, NDArray, NDArray>> tap) {
  /** A pass that changes nothing and draws nothing. */
  public static final Pass EVALUATION =
      new Pass(Optional.empty(), Optional.empty(), Optional.empty());

  /** A training pass. */
  public static Pass training(SplittableRandom random) {
    return new Pass(Optional.of(random), Optional.empty(), Optional.empty());
  }

  /**
   * An attribution pass.
   *
   * @param rule takes an activation's input and the activation, gives its value with a slope of its
   *     own
   */
  public static Pass attribution(BiFunction<NDArray, UnaryOperator<NDArray>, NDArray> rule) {
    return new Pass(Optional.empty(), Optional.of(rule), Optional.empty());
  }

  /**
   * The same pass with a tap in place of any it has.
   *
   * @param tap takes the name of a layer, or of a part of an attention, and the output there, and
   *     gives what the network goes on with: the output itself, or an array of its shape; called in
   *     the order of the run
   */
  public Pass tapping(BiFunction<String, NDArray, NDArray> tap) {
    return new Pass(random, rule, Optional.of(tap));
  }

  /** Whether this is a training pass. */
  public boolean training() {
    return random.isPresent();
  }

  /** An activation of {@code x}. */
  NDArray activate(NDArray x, UnaryOperator<NDArray> activation) {
    return rule.isPresent() ? rule.get().apply(x, activation) : activation.apply(x);
  }

  /** An output, once it went through the tap. */
  NDArray tap(String place, NDArray output) {
    return tap.isPresent() ? tap.get().apply(place, output) : output;
  }
}

package io.neurograft.neural.network;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * A run through a network: for evaluation; for training, where BatchNorm uses and updates the
 * batch's statistics and dropout draws from a seeded source; or for attribution, where the slope of
 * a rectifier is not its derivative.
 *
 * @param random the source of a training pass; empty otherwise
 * @param rectifier what stands for {@code max(x, 0)} in an attribution pass; empty otherwise
 */
public record Pass(Optional<SplittableRandom> random, Optional<UnaryOperator<NDArray>> rectifier) {
  /** A pass that changes nothing and draws nothing. */
  public static final Pass EVALUATION = new Pass(Optional.empty(), Optional.empty());

  /** A training pass. */
  public static Pass training(SplittableRandom random) {
    return new Pass(Optional.of(random), Optional.empty());
  }

  /**
   * An attribution pass.
   *
   * @param rectifier gives {@code max(x, 0)}, with a slope of its own
   */
  public static Pass attribution(UnaryOperator<NDArray> rectifier) {
    return new Pass(Optional.empty(), Optional.of(rectifier));
  }

  /** Whether this is a training pass. */
  public boolean training() {
    return random.isPresent();
  }

  /** {@code max(x, 0)}. */
  NDArray rectify(NDArray x) {
    return rectifier.isPresent() ? rectifier.get().apply(x) : Activation.relu(x);
  }
}

package io.neurograft.neural.network;

import java.util.Optional;
import java.util.SplittableRandom;

/**
 * A run through a network: for evaluation, or for training, where BatchNorm uses and updates the
 * batch's statistics and dropout draws from a seeded source.
 *
 * @param random the source of a training pass; empty for evaluation
 */
public record Pass(Optional<SplittableRandom> random) {
  /** A pass that changes nothing and draws nothing. */
  public static final Pass EVALUATION = new Pass(Optional.empty());

  /** A training pass. */
  public static Pass training(SplittableRandom random) {
    return new Pass(Optional.of(random));
  }

  /** Whether this is a training pass. */
  public boolean training() {
    return random.isPresent();
  }
}

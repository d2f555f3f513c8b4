package io.neurograft.neural.training;

/** How weights follow their gradients. */
public enum Optimizer {
  /** Stochastic gradient descent with momentum. */
  SGD,
  /** Adam, with beta 0.9 and 0.999 and epsilon 1e-8. */
  ADAM
}

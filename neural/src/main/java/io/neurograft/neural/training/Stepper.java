package io.neurograft.neural.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Operators;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves a network's weights along their gradients with the engine's fused optimizers: one call a
 * step for all weights. Holds the optimizer's state until it is closed.
 */
final class Stepper implements AutoCloseable {
  private final TrainingSettings settings;
  private final NDManager scope;
  private final List<NDArray> weights = new ArrayList<>();
  private final List<NDArray> gradients = new ArrayList<>();
  private final List<NDArray> first = new ArrayList<>(); // SGD's momenta, Adam's means
  private final List<NDArray> second = new ArrayList<>(); // Adam's mean squares
  private final List<NDArray> counts = new ArrayList<>(); // Adam's steps

  Stepper(Network network, TrainingSettings settings) {
    this.settings = settings;
    this.scope = network.weights().scope().newSubManager();
    network
        .weights()
        .all()
        .forEach(
            (name, array) -> {
              if (Weights.trained(name)) {
                array.setRequiresGradient(true);
                weights.add(array);
                first.add(scope.zeros(array.getShape()));
                if (settings.optimizer() == Optimizer.ADAM) {
                  second.add(scope.zeros(array.getShape()));
                  counts.add(scope.create(0f));
                }
              }
            });
  }

  /** One step along the gradients of the last backward pass, which it clears. */
  void step() {
    boolean firstStep = gradients.isEmpty();
    if (firstStep) {
      // Made by the first backward pass; later ones add to the same arrays.
      for (NDArray weight : weights) {
        NDArray gradient = weight.getGradient();
        gradient.attach(scope);
        gradients.add(gradient);
      }
    }
    double rate = settings.learningRate();
    double decay = settings.weightDecay();
    switch (settings.optimizer()) {
      case SGD ->
          Operators.sgd(weights, gradients, first, rate, settings.momentum(), decay, firstStep);
      case ADAM -> Operators.adam(weights, gradients, first, second, counts, rate, decay);
    }
  }

  @Override
  public void close() {
    weights.forEach(weight -> weight.setRequiresGradient(false));
    scope.close();
  }
}

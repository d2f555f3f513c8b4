package io.neurograft.neural.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Operators;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Moves a network's weights along their gradients with the engine's fused optimizers: one call a
 * step for all weights. Holds the optimizer's state until it is closed.
 */
public final class Stepper implements AutoCloseable {
  private final TrainingSettings settings;
  private final NDManager scope;
  private final List<NDArray> weights = new ArrayList<>();
  private final List<NDArray> gradients = new ArrayList<>();
  private final List<NDArray> first = new ArrayList<>(); // SGD's momenta, Adam's means
  private final List<NDArray> second = new ArrayList<>(); // Adam's mean squares
  private final List<NDArray> counts = new ArrayList<>(); // Adam's steps

  Stepper(Network network, TrainingSettings settings) {
    this(trained(network), settings, network.weights().scope());
  }

  /**
   * A stepper for some arrays, which require gradients until it is closed.
   *
   * @param arrays the loss depends on each
   * @param settings the optimizer and how far it goes
   * @param parent the scope that the optimizer's state is kept below
   */
  public Stepper(List<NDArray> arrays, TrainingSettings settings, NDManager parent) {
    this.settings = settings;
    this.scope = parent.newSubManager();
    for (NDArray array : arrays) {
      array.setRequiresGradient(true);
      weights.add(array);
      first.add(scope.zeros(array.getShape()));
      if (settings.optimizer() == Optimizer.ADAM) {
        second.add(scope.zeros(array.getShape()));
        counts.add(scope.create(0f));
      }
    }
  }

  private static List<NDArray> trained(Network network) {
    return network.weights().all().entrySet().stream()
        .filter(entry -> Weights.trained(entry.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** One step along the gradients of the last backward pass, which it clears. */
  public void step() {
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

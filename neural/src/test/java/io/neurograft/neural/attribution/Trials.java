package io.neurograft.neural.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.Progress;
import io.neurograft.neural.data.Batch;
import io.neurograft.neural.data.Dataset;
import io.neurograft.neural.network.Network;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.training.Optimizer;
import io.neurograft.neural.training.Trainer;
import io.neurograft.neural.training.TrainingSettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/** Small networks to score, and examples for them. */
final class Trials {
  private static final String GLYPHS =
      ", classes: 10, input: {shape: [1, 28, 28], mean: [0.1], std: [0.3]}}";

  private Trials() {}

  /** A family's network, trained on digits a little. */
  static Network trained(String family, Dataset digits, NDManager scope) {
    NetworkSpec spec = NetworkSpec.parse(family + GLYPHS, "test");
    Network network = new Network(spec, Weights.initialise(spec, 3, scope));
    TrainingSettings settings = new TrainingSettings(Optimizer.ADAM, 1e-3, 0, 0, 32, 2);
    Trainer.train(network, digits, settings, 5, Progress.NONE);
    return network;
  }

  /** A network whose random weights keep the size of signals, with norms as after training. */
  static Network random(NetworkSpec spec, NDManager scope) {
    Random random = new Random(7);
    Map<String, NDArray> arrays = new LinkedHashMap<>();
    spec.parameters()
        .forEach(
            (name, shape) -> {
              NDArray normal = normal(shape, random, scope);
              double fan = (double) shape.size() / shape.get(0);
              NDArray array =
                  shape.dimension() > 1 ? normal.mul(Math.sqrt(2 / fan)) : normal.mul(0.1);
              boolean aroundOne = fan == 1 && !name.endsWith("bias") && !name.endsWith("mean");
              arrays.put(name, aroundOne ? array.add(1) : array);
            });
    return new Network(spec, Weights.of(spec, arrays, scope));
  }

  /** Examples of normally distributed values, with some classes. */
  static Batch batch(NetworkSpec spec, int size, NDManager scope) {
    NDArray x = normal(new Shape(size).addAll(spec.input().toShape()), new Random(1), scope);
    long[] labels = IntStream.range(0, size).mapToLong(i -> i % spec.classes()).toArray();
    return new Batch(0, x, scope.create(labels));
  }

  /** What a method gave at a place. */
  static NDArray at(String place, Map<String, NDArray> attributions) {
    return Objects.requireNonNull(attributions.get(place), place);
  }

  private static NDArray normal(Shape shape, Random random, NDManager scope) {
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return scope.create(values, shape);
  }
}

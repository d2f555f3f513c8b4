package io.neurograft.neural.network;

import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.SplittableRandom;

/** Draws fresh weights from a seed, without the engine's shared source of random numbers. */
final class Initialiser {
  private final Map<String, Shape> shapes;
  private final SplittableRandom random;

  Initialiser(NetworkSpec spec, long seed) {
    this.shapes = spec.parameters();
    this.random = new SplittableRandom(seed);
  }

  /** Fills one parameter; called in the order of the specification. */
  void fill(String name, FloatBuffer target) {
    int dot = name.lastIndexOf('.');
    Shape weight = shape(name.substring(0, dot) + ".weight");
    if (weight.dimension() == 1) { // BatchNorm
      boolean one = name.endsWith(".weight") || name.endsWith(".running_var");
      while (target.hasRemaining()) {
        target.put(one ? 1f : 0f);
      }
      return;
    }
    double bound = 1 / Math.sqrt((double) weight.size() / weight.get(0));
    while (target.hasRemaining()) {
      target.put((float) ((2 * random.nextDouble() - 1) * bound));
    }
  }

  private Shape shape(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      throw new IllegalArgumentException("no parameter " + name);
    }
    return shape;
  }
}

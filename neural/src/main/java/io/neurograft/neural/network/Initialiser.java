package io.neurograft.neural.network;

import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Draws fresh weights from a seed, without the engine's shared source of random numbers. */
final class Initialiser {
  /** The standard deviation of a class token and of position embeddings. */
  private static final double EMBEDDING = 0.02;

  private final Map<String, Shape> shapes;
  private final Set<String> embeddings = new HashSet<>();
  private final SplittableRandom random;

  Initialiser(NetworkSpec spec, long seed) {
    this.shapes = spec.parameters();
    this.random = new SplittableRandom(seed);
    spec.forEachLayer(
        (name, layer) -> {
          if (layer instanceof ClassToken || layer instanceof PositionEmbedding) {
            embeddings.add(Layers.name(name, "weight"));
          }
        });
  }

  /** Fills one parameter; called in the order of the specification. */
  void fill(String name, FloatBuffer target) {
    Shape weight = shape(name.substring(0, name.lastIndexOf('.')) + ".weight");
    if (embeddings.contains(name)) {
      while (target.hasRemaining()) {
        target.put((float) (EMBEDDING * random.nextGaussian()));
      }
    } else if (weight.dimension() == 1) { // a norm
      boolean one = name.endsWith(".weight") || name.endsWith(".running_var");
      while (target.hasRemaining()) {
        target.put(one ? 1f : 0f);
      }
    } else {
      double bound = 1 / Math.sqrt((double) weight.size() / weight.get(0));
      while (target.hasRemaining()) {
        target.put((float) ((2 * random.nextDouble() - 1) * bound));
      }
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

package io.neurograft.simulator.bench.load;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.attribution.Scores;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.Weights;
import io.neurograft.neural.tensor.Compute;
import java.nio.file.Path;
import java.util.Map;

/** The models that light nodes send: of a network whose weights are about as large as asked for. */
final class LightModels {
  private static final int SIDE = 28;
  private static final int CLASSES = 10;

  private final NetworkSpec network;

  /**
   * @param bytes how large a model is to be, about; at least that of a network with one hidden unit
   */
  LightModels(long bytes) {
    long width = Math.max(1, bytes / (Float.BYTES * (SIDE * SIDE + 1 + CLASSES)));
    this.network =
        NetworkSpec.parse(
            "{family: mlp, widths: [%d], classes: %d, input: {shape: [1, %d, %d]}}"
                .formatted(width, CLASSES, SIDE, SIDE),
            "network");
  }

  NetworkSpec network() {
    return network;
  }

  /** Writes a member drawn at random. */
  Path member(Path file, long seed) {
    try (NDManager scope = Compute.newManager();
        Weights weights = Weights.initialise(network, seed, scope)) {
      weights.write(file, Map.of());
    }
    return file;
  }

  /** Writes scores that are the same for every unit. */
  Path scores(Path file) {
    Scores.uniform(network).write(file);
    return file;
  }

  /** Writes a model as it is, but under the name of a site, so that each site's is another file. */
  Path tuned(Path file, Path model, String site) {
    try (NDManager scope = Compute.newManager();
        Weights weights = Weights.read(model, network, scope)) {
      weights.write(file, Map.of("site", site));
    }
    return file;
  }
}

package io.neurograft.coordinator.fuse;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.safetensors.SafetensorsWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Averages weights files, weighted by training examples: {@code w = (sum_k n_k w_k) / (sum_k n_k)},
 * summed in float64 in the order given. Files are read one after another and tensor by tensor, so
 * that memory holds one tensor, however many sites there are and however large the model is.
 */
final class WeightedMean {
  /**
   * A model to average.
   *
   * @param weight its share before the shares are made to sum to 1; above 0
   */
  record Part(Path file, double weight) {}

  private WeightedMean() {}

  /** Writes the mean of some files, each of which holds the network's weights. */
  static void write(
      NetworkSpec network, List<Part> parts, Path target, Map<String, String> metadata) {
    SafetensorsWriter writer = new SafetensorsWriter();
    network
        .parameters()
        .forEach(
            (name, shape) -> {
              writer.add(name, extents(shape), () -> mean(name, shape.size(), parts));
              if (name.endsWith(".running_var")) {
                writer.add(name.replace("running_var", "num_batches_tracked"), 0);
              }
            });
    writer.write(target, metadata);
  }

  private static ByteBuffer mean(String name, long elements, List<Part> parts) {
    int size = Math.toIntExact(elements);
    double[] sum = new double[size];
    float[] values = new float[size];
    double all = 0;
    for (Part part : parts) {
      try (SafetensorsFile file = SafetensorsFile.open(part.file())) {
        file.read(name, FloatBuffer.wrap(values));
      }
      for (int i = 0; i < size; i++) {
        sum[i] += part.weight() * values[i];
      }
      all += part.weight();
    }
    ByteBuffer bytes = ByteBuffer.allocateDirect(4 * size).order(ByteOrder.nativeOrder());
    for (int i = 0; i < size; i++) {
      bytes.putFloat((float) (sum[i] / all));
    }
    return bytes.flip();
  }

  private static List<Long> extents(Shape shape) {
    return Arrays.stream(shape.getShape()).boxed().toList();
  }
}

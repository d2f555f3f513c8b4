package io.neurograft.neural.attribution;

import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.safetensors.SafetensorsWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A network's attribution scores: how much each unit contributes, level by level. The last level's
 * units are the classes. On disk they are a safetensors file with a vector {@code level_<i>} for
 * each level.
 *
 * @param levels for each level one score per unit, above 0, in single precision
 */
public record Scores(List<List<Float>> levels) {
  public Scores {
    levels = levels.stream().map(List::copyOf).toList();
  }

  /** Scores of 1 for every unit. */
  public static Scores uniform(NetworkSpec spec) {
    List<List<Float>> levels = new ArrayList<>();
    for (int level = 0; level < spec.levelCount(); level++) {
      levels.add(Collections.nCopies(spec.units(level), 1f));
    }
    return new Scores(levels);
  }

  /** One level's scores. */
  public double[] level(int level) {
    return levels.get(level).stream().mapToDouble(Float::doubleValue).toArray();
  }

  /**
   * Writes the scores.
   *
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public void write(Path file) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (int level = 0; level < levels.size(); level++) {
      List<Float> scores = levels.get(level);
      writer.add(name(level), List.of((long) scores.size()), () -> bytes(scores));
    }
    writer.write(file, Map.of());
  }

  /**
   * Reads scores of a network.
   *
   * @throws InvalidInputException if the file is no safetensors, does not fit the network, or has a
   *     score that is not finite or not above 0
   */
  public static Scores read(Path file, NetworkSpec spec) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      List<Fault> faults = new ArrayList<>();
      List<List<Float>> levels = new ArrayList<>();
      for (int level = 0; level < spec.levelCount(); level++) {
        levels.add(readLevel(tensors, name(level), spec.units(level), faults));
      }
      if (!faults.isEmpty()) {
        throw new InvalidInputException(file.toString(), faults);
      }
      return new Scores(levels);
    }
  }

  private static List<Float> readLevel(
      SafetensorsFile file, String name, int units, List<Fault> faults) {
    var entry = file.tensors().get(name);
    if (entry == null || !entry.shape().equals(List.of((long) units))) {
      faults.add(
          new Fault(
              "tensor " + name,
              "expected " + units + " scores, found " + (entry == null ? "none" : entry.shape())));
      return List.of();
    }
    float[] scores = new float[units];
    file.read(name, FloatBuffer.wrap(scores));
    List<Float> list = new ArrayList<>();
    for (float score : scores) {
      if (score <= 0) {
        faults.add(new Fault("tensor " + name, "expected scores above 0, found " + score));
        break;
      }
      list.add(score);
    }
    return list;
  }

  private static String name(int level) {
    return "level_" + level;
  }

  private static ByteBuffer bytes(List<Float> scores) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * scores.size()).order(ByteOrder.LITTLE_ENDIAN);
    scores.forEach(bytes::putFloat);
    return bytes.flip();
  }
}

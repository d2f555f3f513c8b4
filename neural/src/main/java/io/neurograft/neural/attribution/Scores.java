package io.neurograft.neural.attribution;

import io.neurograft.neural.config.Fault;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.network.UnitGroup;
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
 * A network's attribution scores: how much each unit contributes, group by group. The last group's
 * units are the classes. On disk they are a safetensors file with a vector {@code group_<i>} for
 * each group.
 *
 * @param groups for each of the network's unit groups one score per unit, above 0, in single
 *     precision
 */
public record Scores(List<List<Float>> groups) {
  public Scores {
    groups = groups.stream().map(List::copyOf).toList();
  }

  /** Scores of 1 for every unit. */
  public static Scores uniform(NetworkSpec spec) {
    return new Scores(
        spec.groups().stream().map(group -> Collections.nCopies(group.units(), 1f)).toList());
  }

  /**
   * The same scores with a sum of 1 in every group, so that members weigh the same whatever the
   * scale of their logits (design: fusion, section 3).
   */
  public Scores normalised() {
    return new Scores(groups.stream().map(Scores::shares).toList());
  }

  private static List<Float> shares(List<Float> scores) {
    double sum = scores.stream().mapToDouble(Float::doubleValue).sum();
    return scores.stream().map(score -> Math.max(Float.MIN_NORMAL, (float) (score / sum))).toList();
  }

  /** One group's scores. */
  public double[] group(int index) {
    return groups.get(index).stream().mapToDouble(Float::doubleValue).toArray();
  }

  /**
   * Writes the scores.
   *
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public void write(Path file) {
    SafetensorsWriter writer = new SafetensorsWriter();
    for (int index = 0; index < groups.size(); index++) {
      List<Float> scores = groups.get(index);
      writer.add(name(index), List.of((long) scores.size()), () -> bytes(scores));
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
      List<List<Float>> groups = new ArrayList<>();
      for (UnitGroup group : spec.groups()) {
        groups.add(readGroup(tensors, name(group.index()), group.units(), faults));
      }
      if (!faults.isEmpty()) {
        throw new InvalidInputException(file.toString(), faults);
      }
      return new Scores(groups);
    }
  }

  private static List<Float> readGroup(
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

  private static String name(int index) {
    return "group_" + index;
  }

  private static ByteBuffer bytes(List<Float> scores) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * scores.size()).order(ByteOrder.LITTLE_ENDIAN);
    scores.forEach(bytes::putFloat);
    return bytes.flip();
  }
}

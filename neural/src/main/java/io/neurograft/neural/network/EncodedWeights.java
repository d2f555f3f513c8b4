package io.neurograft.neural.network;

import io.neurograft.neural.safetensors.ElementType;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.safetensors.SafetensorsWriter;
import io.neurograft.neural.safetensors.TensorEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Writes a weights file anew in an encoding. One tensor is in memory at a time. */
public final class EncodedWeights {
  private static final int PIECE = 1 << 18; // elements that are handed over at once

  private final SafetensorsFile original;
  private final WeightEncoding encoding;

  private EncodedWeights(SafetensorsFile original, WeightEncoding encoding) {
    this.original = original;
    this.encoding = encoding;
  }

  /**
   * Encodes a file. The same original gives the same bytes.
   *
   * @param original a file in single precision, as {@link Weights#write} makes it
   * @param digest its SHA-256, for the metadata
   * @param encoding not {@link WeightEncoding#NONE}
   * @return what the encoding costs
   * @throws UncheckedIOException if a file cannot be read or written
   */
  public static EncodingCost write(
      Path original, String digest, WeightEncoding encoding, Path target) {
    try (SafetensorsFile file = SafetensorsFile.open(original)) {
      return new EncodedWeights(file, encoding).write(digest, Files.size(original), target);
    } catch (IOException e) {
      throw new UncheckedIOException(original + " cannot be read", e);
    }
  }

  private EncodingCost write(String digest, long bytes, Path target) {
    SafetensorsWriter writer = new SafetensorsWriter();
    Squares all = new Squares(0, 0);
    double largest = 0;
    for (var tensor : original.tensors().entrySet()) {
      String name = tensor.getKey();
      TensorEntry entry = tensor.getValue();
      if (entry.type() == ElementType.I64) {
        writer.add(name, 0); // counts no batches, as Weights writes it
        continue;
      }
      float[] values = values(name, entry);
      ElementCode code = code(values, entry);
      writer.add(name, code.type(), entry.shape(), to -> give(values(name, entry), code, to));
      if (code instanceof ElementCode.Scaled scaled) {
        writer.add(
            name + ".scale",
            ElementType.F32,
            entry.shape().subList(0, 1),
            to -> give(scaled.quantiser().scales(), ElementCode.SINGLE, to));
      }
      Squares squares = Squares.of(values, code);
      all = all.plus(squares);
      largest = Math.max(largest, squares.relative());
    }
    EncodingCost cost = new EncodingCost(encoding, digest, bytes, all.relative(), largest);
    Map<String, String> metadata = new HashMap<>(original.metadata());
    metadata.putAll(cost.metadata());
    writer.write(target, metadata);
    return cost;
  }

  private ElementCode code(float[] values, TensorEntry entry) {
    if (entry.shape().size() < 2) {
      return ElementCode.SINGLE;
    }
    return switch (encoding) {
      case NONE -> ElementCode.SINGLE;
      case FLOAT16 -> ElementCode.HALF.holds(values) ? ElementCode.HALF : ElementCode.SINGLE;
      case INT8 ->
          new ElementCode.Scaled(
              ChannelQuantiser.of(values, Math.toIntExact(entry.shape().get(0))));
    };
  }

  private float[] values(String name, TensorEntry entry) {
    float[] values = new float[Math.toIntExact(entry.elements())];
    original.read(name, FloatBuffer.wrap(values));
    return values;
  }

  private static void give(float[] values, ElementCode code, Consumer<ByteBuffer> target) {
    ByteBuffer out =
        ByteBuffer.allocate(PIECE * code.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      code.put(out, values[i], i);
      if (!out.hasRemaining()) {
        target.accept(out.flip());
        out.clear();
      }
    }
    target.accept(out.flip());
  }

  /**
   * Sums of squares.
   *
   * @param differences of what is restored from what was encoded
   * @param values of what was encoded
   */
  private record Squares(double differences, double values) {
    Squares plus(Squares other) {
      return new Squares(differences + other.differences, values + other.values);
    }

    static Squares of(float[] values, ElementCode code) {
      double differences = 0;
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        double difference = (double) code.restored(values[i], i) - values[i];
        differences += difference * difference;
        sum += (double) values[i] * values[i];
      }
      return new Squares(differences, sum);
    }

    double relative() {
      return values == 0 ? 0 : Math.sqrt(differences / values);
    }
  }
}

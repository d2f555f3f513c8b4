package io.neurograft.coordinator.fuse;

import ai.djl.ndarray.types.Shape;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.neural.safetensors.ElementType;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.safetensors.SafetensorsWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Averages weights files: {@code w = (sum_k n_k w_k) / (sum_k n_k)}, summed in float64 in the order
 * given. Pieces of the network are averaged one after another, each over one file after another, so
 * that memory holds one piece, however many sites there are and however large the model is.
 */
final class WeightedMean {
  /** Elements of a piece: 16 MiB of sums. */
  private static final int PIECE = 1 << 21;

  /**
   * A model to average.
   *
   * @param weight its share before the shares are made to sum to 1; above 0
   */
  record Part(Path file, double weight) {}

  /** Some elements of a tensor, from one on. */
  private record Segment(String name, long from, int count) {}

  private final List<Part> parts;
  private final double all;
  private final Iterator<List<Segment>> pieces;
  private final double[] sums;
  private final double[] values;
  private int given; // elements of the piece in memory that were handed over
  private int held; // elements of the piece in memory

  private WeightedMean(NetworkSpec network, List<Part> parts, int piece) {
    this.parts = parts;
    this.all = parts.stream().mapToDouble(Part::weight).sum();
    this.pieces = pieces(network, piece).iterator();
    long elements = network.parameters().values().stream().mapToLong(Shape::size).sum();
    int most = (int) Math.min(piece, elements);
    this.sums = new double[most];
    this.values = new double[most];
  }

  /** Writes the mean of some files, each of which holds the network's weights. */
  static void write(
      NetworkSpec network, List<Part> parts, Path target, Map<String, String> metadata) {
    write(network, parts, target, metadata, PIECE);
  }

  /**
   * @param piece elements that are averaged at a time; at least 1
   */
  static void write(
      NetworkSpec network, List<Part> parts, Path target, Map<String, String> metadata, int piece) {
    WeightedMean mean = new WeightedMean(network, parts, piece);
    SafetensorsWriter writer = new SafetensorsWriter();
    network
        .parameters()
        .forEach(
            (name, shape) -> {
              List<Long> extents = Arrays.stream(shape.getShape()).boxed().toList();
              writer.add(name, ElementType.F32, extents, to -> mean.give(shape.size(), to));
              if (name.endsWith(".running_var")) {
                writer.add(name.replace("running_var", "num_batches_tracked"), 0);
              }
            });
    writer.write(target, metadata);
  }

  /** The network's elements in their order, cut into pieces. */
  private static List<List<Segment>> pieces(NetworkSpec network, int piece) {
    List<List<Segment>> pieces = new ArrayList<>();
    List<Segment> open = new ArrayList<>();
    int room = piece;
    for (var parameter : network.parameters().entrySet()) {
      long size = parameter.getValue().size();
      for (long from = 0; from < size; ) {
        int count = (int) Math.min(room, size - from);
        open.add(new Segment(parameter.getKey(), from, count));
        from += count;
        room -= count;
        if (room == 0) {
          pieces.add(open);
          open = new ArrayList<>();
          room = piece;
        }
      }
    }
    if (!open.isEmpty()) {
      pieces.add(open);
    }
    return pieces;
  }

  /** Hands over the next elements. */
  private void give(long elements, Consumer<ByteBuffer> target) {
    long left = elements;
    while (left > 0) {
      if (given == held) {
        sum(pieces.next());
      }
      int count = (int) Math.min(left, held - given);
      ByteBuffer bytes = ByteBuffer.allocateDirect(4 * count).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = given; i < given + count; i++) {
        bytes.putFloat((float) (sums[i] / all));
      }
      target.accept(bytes.flip());
      given += count;
      left -= count;
    }
  }

  private void sum(List<Segment> piece) {
    held = piece.stream().mapToInt(Segment::count).sum();
    given = 0;
    Arrays.fill(sums, 0, held, 0);
    for (Part part : parts) {
      try (SafetensorsFile file = SafetensorsFile.open(part.file())) {
        int at = 0;
        for (Segment segment : piece) {
          file.stream(segment.name(), segment.from()).get(values, at, segment.count());
          at += segment.count();
        }
      }
      for (int i = 0; i < held; i++) {
        sums[i] += part.weight() * values[i];
      }
    }
  }
}

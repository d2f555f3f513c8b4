package io.neurograft.neural.exchange;

import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.masking.GaussianNoise;
import io.neurograft.neural.moments.NumberSink;
import io.neurograft.neural.safetensors.ElementType;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.safetensors.SafetensorsWriter;
import io.neurograft.neural.safetensors.TensorEntry;
import io.neurograft.neural.safetensors.TensorStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An answer as a safetensors file: one long row of numbers, in the order in which moments are
 * written; and the standard deviation of the noise in them, where there is any.
 */
public final class AnswerFile implements AutoCloseable {
  private static final String NUMBERS = "numbers";
  private static final String NOISE = "noise";
  private static final double MOST_NOISE = 1e100; // its square is a number, too
  private static final int BUFFER = 1 << 18; // bytes

  private final SafetensorsFile file;
  private final double noise;

  private AnswerFile(SafetensorsFile file, double noise) {
    this.file = file;
    this.noise = noise;
  }

  /** How an answer's numbers are written. */
  public interface Encoding {
    /** The type of an element. */
    ElementType type();

    /**
     * Writes some numbers.
     *
     * @param target has room for just them, little-endian
     */
    void encode(double[] values, int from, int count, ByteBuffer target);
  }

  /** Numbers as they are. */
  public static Encoding plain(Plan.Precision precision) {
    return precision == Plan.Precision.FLOAT64
        ? new Plain(ElementType.F64, (value, target) -> target.putDouble(value))
        : new Plain(ElementType.F32, (value, target) -> target.putFloat((float) value));
  }

  private interface Put {
    void put(double value, ByteBuffer target);
  }

  private record Plain(ElementType type, Put put) implements Encoding {
    @Override
    public void encode(double[] values, int from, int count, ByteBuffer target) {
      for (int i = from; i < from + count; i++) {
        put.put(values[i], target);
      }
    }
  }

  /**
   * Writes an answer.
   *
   * @param numbers how many there will be
   * @param noise what is added to them, if anything; its deviation is told
   * @param moments writes them
   * @throws java.io.UncheckedIOException if the file cannot be written
   */
  public static void write(
      Path path,
      long numbers,
      Encoding encoding,
      Optional<GaussianNoise> noise,
      Consumer<NumberSink> moments) {
    new SafetensorsWriter()
        .add(
            NUMBERS,
            encoding.type(),
            List.of(numbers),
            target -> {
              NumberSink sink = new Pieces(encoding, target);
              moments.accept(noise.<NumberSink>map(n -> new NoisySink(sink, n)).orElse(sink));
            })
        .write(
            path, noise.map(n -> Map.of(NOISE, Double.toString(n.deviation()))).orElse(Map.of()));
  }

  private record Pieces(Encoding encoding, Consumer<ByteBuffer> target) implements NumberSink {
    @Override
    public void put(double[] values, int from, int count) {
      int most = BUFFER / encoding.type().bytes();
      for (int first = from; first < from + count; first += most) {
        int some = Math.min(most, from + count - first);
        ByteBuffer piece =
            ByteBuffer.allocate(some * encoding.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
        encoding.encode(values, first, some, piece);
        target.accept(piece.flip());
      }
    }
  }

  /** The type of the numbers in answers to a question. */
  private static ElementType type(Question question) {
    if (question.masking().isPresent()) {
      return ElementType.I64;
    }
    return plain(question.plan().precision()).type();
  }

  /** The size of an answer's numbers, in bytes. */
  public static long bytes(Question question, long numbers) {
    return Math.multiplyExact(numbers, type(question).bytes());
  }

  /**
   * Opens an answer.
   *
   * @param question that it must answer, in the type and number of its numbers
   * @param shapes of the fusion's moments
   * @throws InvalidInputException if it is anything else
   */
  public static AnswerFile open(Path path, Question question, MomentShapes shapes) {
    ElementType type = type(question);
    long numbers = question.numbers(shapes);
    SafetensorsFile file = SafetensorsFile.open(path);
    TensorEntry entry = file.tensors().get(NUMBERS);
    double noise = noise(file);
    if (file.tensors().size() != 1
        || entry == null
        || entry.type() != type
        || !entry.shape().equals(List.of(numbers))
        || !(noise >= 0 && noise < MOST_NOISE)) {
      file.close();
      throw new InvalidInputException(
          path.toString(),
          "expected %d numbers of type %s and nothing else".formatted(numbers, type));
    }
    return new AnswerFile(file, noise);
  }

  private static double noise(SafetensorsFile file) {
    try {
      return Double.parseDouble(file.metadata().getOrDefault(NOISE, "0"));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** The standard deviation of the noise in each number; 0 where there is none. */
  public double noise() {
    return noise;
  }

  /**
   * Reads all of it once.
   *
   * @throws InvalidInputException if a number is NaN or infinite
   */
  public void check() {
    TensorEntry entry = Objects.requireNonNull(file.tensors().get(NUMBERS));
    if (entry.type() == ElementType.I64) {
      return; // whatever the bits, it is a whole number
    }
    TensorStream numbers = numbers();
    double[] some = new double[1 << 13];
    for (long left = entry.elements(); left > 0; left -= some.length) {
      numbers.get(some, 0, (int) Math.min(some.length, left));
    }
  }

  /** Its numbers, from the first on. */
  public TensorStream numbers() {
    return file.stream(NUMBERS);
  }

  @Override
  public void close() {
    file.close();
  }
}

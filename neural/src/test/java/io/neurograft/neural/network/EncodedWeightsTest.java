package io.neurograft.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.safetensors.ElementType;
import io.neurograft.neural.safetensors.SafetensorsFile;
import io.neurograft.neural.safetensors.SafetensorsWriter;
import io.neurograft.neural.tensor.Compute;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncodedWeightsTest {
  private static final String DIGEST = "0".repeat(64);
  private static final NetworkSpec SPEC =
      NetworkSpec.parse(
          """
          input: {shape: [2, 6, 6], mean: [0, 0], std: [1, 1]}
          levels:
            - [{conv: {out: 8, kernel: 3, padding: 1}}, batchnorm]
            - [relu, flatten, {linear: 5}]
          """,
          "network");

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    Compute.start(1);
  }

  @Property
  void quantised_anyChannels_areWithinHalfAScale(@ForAll @Size(12) List<Integer> drawn) {
    float[] values = array(drawn);
    ChannelQuantiser quantiser = ChannelQuantiser.of(values, 3);
    ElementCode code = new ElementCode.Scaled(quantiser);
    for (int i = 0; i < values.length; i++) {
      double difference = Math.abs((double) code.restored(values[i], i) - values[i]);
      // Half the scale, and the rounding of one product in single precision.
      assertThat(difference)
          .isLessThanOrEqualTo(quantiser.scale(i) / 2.0 + Math.abs(values[i]) * 0x1p-23);
    }
  }

  @Property
  void quantised_anyFiniteValue_isFiniteAgain(@ForAll int bits) {
    float value = Float.intBitsToFloat(bits);
    Assume.that(Float.isFinite(value));
    ElementCode code = new ElementCode.Scaled(ChannelQuantiser.of(new float[] {value}, 1));
    assertThat(code.restored(value, 0)).isFinite();
  }

  @Test
  void quantised_largestFloat_isFiniteAgain() {
    ElementCode code =
        new ElementCode.Scaled(ChannelQuantiser.of(new float[] {Float.MAX_VALUE}, 1));
    assertThat(code.restored(Float.MAX_VALUE, 0)).isFinite();
  }

  @Property
  void half_normalRange_isWithinHalfAUnitOfTheLastPlace(
      @ForAll @IntRange(min = -14, max = 15) int exponent,
      @ForAll @IntRange(min = 0, max = 0x7fffff) int fraction) {
    float value = Float.intBitsToFloat((exponent + 127) << 23 | fraction);
    Assume.that(value <= 65504f);
    float restored = ElementType.half(ElementType.half(value));
    assertThat(Math.abs((double) restored - value)).isLessThanOrEqualTo(value * 0x1p-11);
    assertThat(ElementType.half(ElementType.half(-value))).isEqualTo(-restored);
  }

  @Property
  void half_belowTheNormalRange_isWithinHalfAStep(
      @ForAll @IntRange(min = 0, max = 113 << 23) int bits) {
    float value = Float.intBitsToFloat(bits);
    float restored = ElementType.half(ElementType.half(value));
    assertThat(Math.abs((double) restored - value)).isLessThanOrEqualTo(0x1p-25);
  }

  /** Every half precision number there is, read and written again. */
  @Test
  void half_everyNumber_isItselfAgain() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = ElementType.half((short) bits);
      if (!Float.isNaN(value)) {
        assertThat(ElementType.half(value)).isEqualTo((short) bits);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "INT8"})
  void write_encoded_isReadAsTheWeightsWithTheErrorThatItStates(WeightEncoding encoding) {
    Path original = folder.resolve("original");
    Path encoded = folder.resolve("encoded");
    try (NDManager scope = Compute.newManager();
        Weights weights = Weights.initialise(SPEC, 3, scope)) {
      weights.write(original, Map.of("seed", "3"));
      EncodingCost cost = EncodedWeights.write(original, DIGEST, encoding, encoded);
      double differences = 0;
      double squares = 0;
      double largest = 0;
      try (Weights read = Weights.read(encoded, SPEC, scope)) {
        for (var array : weights.all().entrySet()) {
          float[] expected = array.getValue().toFloatArray();
          float[] found = read.get(array.getKey()).toFloatArray();
          double own = 0;
          double ownSquares = 0;
          for (int i = 0; i < expected.length; i++) {
            own += Math.pow((double) found[i] - expected[i], 2);
            ownSquares += Math.pow(expected[i], 2);
          }
          boolean vector = array.getValue().getShape().dimension() < 2;
          assertThat(own == 0).as(array.getKey()).isEqualTo(vector);
          differences += own;
          squares += ownSquares;
          largest = Math.max(largest, ownSquares == 0 ? 0 : Math.sqrt(own / ownSquares));
        }
      }
      assertThat(cost.error()).isCloseTo(Math.sqrt(differences / squares), within(1e-9));
      assertThat(cost.largestError()).isCloseTo(largest, within(1e-9));
      assertThat(cost.error()).isBetween(1e-6, encoding == WeightEncoding.INT8 ? 0.01 : 0.0005);
    }
    try (SafetensorsFile file = SafetensorsFile.open(encoded)) {
      EncodingCost told = EncodingCost.from(file.metadata()).orElseThrow();
      assertThat(told.encoding()).isEqualTo(encoding);
      assertThat(told.originalDigest()).isEqualTo(DIGEST);
      assertThat(told.originalBytes()).isEqualTo(size(original));
      assertThat(file.metadata()).containsEntry("seed", "3");
      assertThat(size(encoded)).isLessThan(size(original));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT16", "INT8"})
  void write_twice_givesTheSameBytes(WeightEncoding encoding) {
    Path original = folder.resolve("original");
    try (NDManager scope = Compute.newManager();
        Weights weights = Weights.initialise(SPEC, 4, scope)) {
      weights.write(original, Map.of());
    }
    EncodedWeights.write(original, DIGEST, encoding, folder.resolve("one"));
    EncodedWeights.write(original, DIGEST, encoding, folder.resolve("two"));
    assertThat(folder.resolve("one")).hasSameBinaryContentAs(folder.resolve("two"));
  }

  @Test
  void write_float16BeyondItsRange_keepsSinglePrecision() {
    Path original = matrix(70_000f, 1f, 2f, 1 / 3f);
    EncodingCost cost =
        EncodedWeights.write(original, DIGEST, WeightEncoding.FLOAT16, folder.resolve("encoded"));
    assertThat(cost.error()).isZero();
    assertThat(folder.resolve("encoded"))
        .satisfies(file -> assertThat(read(file)[0]).isEqualTo(70_000f));
  }

  @Test
  void stream_fromAnyElement_hasThatChannelsScale() {
    Path original = matrix(1, -2, 100, 50);
    Path encoded = folder.resolve("encoded");
    EncodedWeights.write(original, DIGEST, WeightEncoding.INT8, encoded);
    try (SafetensorsFile file = SafetensorsFile.open(encoded)) {
      for (int from = 0; from < 4; from++) {
        double[] values = new double[4 - from];
        file.stream("w", from).get(values, 0, values.length);
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i]).isEqualTo(read(encoded)[from + i]);
        }
      }
    }
  }

  @Test
  void read_scalesThatAreMissingOrNotAboveZero_isRefused() {
    SafetensorsWriter without = new SafetensorsWriter();
    without.add("w", ElementType.I8, List.of(2L, 2L), to -> to.accept(ByteBuffer.allocate(4)));
    without.write(folder.resolve("without"), Map.of());
    assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("without")).close())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("w.scale");
    for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      Path file = folder.resolve("scale");
      SafetensorsWriter writer = new SafetensorsWriter();
      writer.add("w", ElementType.I8, List.of(2L, 2L), to -> to.accept(ByteBuffer.allocate(4)));
      writer.add("w.scale", List.of(2L), () -> floats(1, scale));
      writer.write(file, Map.of());
      assertThatThrownBy(() -> read(file))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("w.scale");
    }
  }

  private Path matrix(float... values) {
    Path file = folder.resolve("matrix");
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add("w", List.of(2L, 2L), () -> floats(values));
    writer.write(file, Map.of());
    return file;
  }

  private static float[] read(Path path) {
    float[] values = new float[4];
    try (SafetensorsFile file = SafetensorsFile.open(path)) {
      file.read("w", FloatBuffer.wrap(values));
    }
    return values;
  }

  private static ByteBuffer floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.flip();
  }

  /** Floats of any size below 2^100, by their bits. */
  private static float[] array(List<Integer> bits) {
    float[] array = new float[bits.size()];
    for (int i = 0; i < array.length; i++) {
      float value = Float.intBitsToFloat(bits.get(i));
      array[i] = Math.abs(value) < 0x1p100f ? value : i;
    }
    return array;
  }

  private static long size(Path file) {
    return file.toFile().length();
  }
}

package io.neurograft.neural.safetensors;

import io.neurograft.neural.config.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The elements of a tensor, one after another, in double precision or as whole numbers. */
public final class TensorStream {
  private static final int BUFFER = 1 << 18;

  private final SafetensorsFile file;
  private final String name;
  private final TensorEntry entry;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private final ChannelScales scales;
  private long index; // of the next element
  private long read; // bytes of the tensor that were read, or skipped

  TensorStream(SafetensorsFile file, String name, TensorEntry entry, long read) {
    this.file = file;
    this.name = name;
    this.entry = entry;
    this.read = read;
    this.index = read / entry.type().bytes();
    this.scales = ChannelScales.of(file, name, entry);
  }

  /**
   * Gives the next elements of a tensor of real numbers.
   *
   * @throws InvalidInputException if one is NaN or infinite
   * @throws IllegalStateException if there are not so many left
   */
  public void get(double[] values, int from, int count) {
    if (entry.type() == ElementType.I64) {
      throw new IllegalStateException(name + " holds " + entry.type());
    }
    for (int i = from; i < from + count; i++) {
      refill();
      double value =
          entry.type() == ElementType.F64
              ? buffer.getDouble()
              : scales.value(entry.type().next(buffer), index);
      if (!Double.isFinite(value)) {
        throw new InvalidInputException(
            file.path().toString(), "tensor %s: a value is %s".formatted(name, value));
      }
      values[i] = value;
      index++;
    }
  }

  /**
   * Gives the next elements of an I64 tensor.
   *
   * @throws IllegalStateException if there are not so many left
   */
  public void get(long[] values, int from, int count) {
    if (entry.type() != ElementType.I64) {
      throw new IllegalStateException(name + " holds " + entry.type());
    }
    for (int i = from; i < from + count; i++) {
      refill();
      values[i] = buffer.getLong();
    }
  }

  private void refill() {
    if (buffer.hasRemaining()) {
      return;
    }
    long left = entry.end() - entry.begin() - read;
    if (left == 0) {
      throw new IllegalStateException(name + " has no more elements");
    }
    buffer.clear().limit((int) Math.min(BUFFER, left));
    file.fill(entry, read, buffer);
    buffer.flip();
    read += buffer.remaining();
  }
}

package io.neurograft.neural.safetensors;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Safetensors files of any tensors: their headers, and each tensor in both ways of reading it. */
class SafetensorsFileFuzzTest extends FileFuzzTest {
  private static final int MOST_TENSORS = 8;

  @Override
  protected void readFiles(byte[] input) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(file("some.safetensors", input))) {
      for (var tensor : file.tensors().entrySet().stream().limit(MOST_TENSORS).toList()) {
        file.check(tensor.getKey());
        stream(file.stream(tensor.getKey()), tensor.getValue());
      }
    }
  }

  private static void stream(TensorStream elements, TensorEntry entry) {
    int count = Math.toIntExact(entry.elements()); // at most as many as the file has bytes
    if (entry.type() == ElementType.I64) {
      elements.get(new long[count], 0, count);
    } else {
      elements.get(new double[count], 0, count);
    }
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(3 << 20, 12);
  }

  /** The largest header that is read at all, full of the smallest things that JSON has. */
  @Test
  void read_largestHeaders_takeLittleMoreThanTheyAre() {
    requireContract(header("{\"a\":[", "{}", "]}"));
    requireContract(header("{\"a\":[", "0", "]}"));
    requireContract(header("{\"__metadata__\":{", "\"#\":0", "}}"));
    requireContract(
        header("{", "\"#\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}", "}"));
  }

  private static byte[] header(String start, String part, String end) {
    int size = 16 << 20;
    StringBuilder text = new StringBuilder(start);
    for (int i = 0; text.length() < size - 200; i++) {
      text.append(part.replace("#", Integer.toString(i, Character.MAX_RADIX))).append(',');
    }
    text.setLength(text.length() - 1);
    text.append(end);
    return ByteBuffer.allocate(Long.BYTES + text.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length())
        .put(text.toString().getBytes(StandardCharsets.US_ASCII))
        .array();
  }
}

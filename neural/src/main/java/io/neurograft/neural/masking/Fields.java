package io.neurograft.neural.masking;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Several fields as one row of bytes that no other fields give: each behind its length. */
final class Fields {
  private Fields() {}

  static byte[] join(byte[]... fields) {
    int length = 0;
    for (byte[] field : fields) {
      length += Integer.BYTES + field.length;
    }
    ByteBuffer joined = ByteBuffer.allocate(length);
    for (byte[] field : fields) {
      joined.putInt(field.length).put(field);
    }
    return joined.array();
  }

  static byte[] of(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] of(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }
}

package io.neurograft.neural.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names a data set by what is in it. */
public final class DataDigest {
  private DataDigest() {}

  /** SHA-256 of the labels and values of all examples, in their order; in hexadecimal digits. */
  public static String of(Dataset data) {
    MessageDigest sha256 = sha256();
    float[] values = new float[data.exampleSize()];
    byte[] bytes = new byte[4 + 4 * values.length];
    for (int index = 0; index < data.size(); index++) {
      data.read(index, values, 0);
      ByteBuffer.wrap(bytes).putInt(data.label(index)).asFloatBuffer().put(values);
      sha256.update(bytes);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}

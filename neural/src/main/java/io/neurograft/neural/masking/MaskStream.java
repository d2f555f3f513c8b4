package io.neurograft.neural.masking;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The random numbers that a pair of sites shares: the key stream of AES-256 in counter mode from
 * counter 0, eight bytes a number, the lowest first.
 */
final class MaskStream {
  /** The bytes of a stream's key, which serves one stream only. */
  static final int KEY = 32;

  /**
   * The most numbers taken at once. Not more, because the platform comes to use the processor's own
   * AES after some thousand calls, however long they are: after 20 MB of such blocks.
   */
  static final int BLOCK = 512;

  private static final VarHandle NUMBERS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int COUNTER = 16; // bytes
  private static final byte[] ZEROS = new byte[BLOCK * Long.BYTES];

  private final Cipher cipher;
  private final boolean added;
  private final byte[] bytes = new byte[BLOCK * Long.BYTES];

  /**
   * @param added whether the site adds the numbers; the other site of the pair subtracts them
   */
  MaskStream(byte[] key, boolean added) {
    this.added = added;
    try {
      cipher = Cipher.getInstance("AES/CTR/NoPadding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(key, "AES"),
          new IvParameterSpec(new byte[COUNTER]));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES in counter mode", e);
    }
  }

  /**
   * Adds the stream's next numbers to some values, or subtracts them.
   *
   * @param count at most {@link #BLOCK}
   */
  void mask(long[] values, int from, int count) {
    next(count * Long.BYTES);
    if (added) {
      for (int i = 0; i < count; i++) {
        values[from + i] += (long) NUMBERS.get(bytes, i * Long.BYTES);
      }
    } else {
      for (int i = 0; i < count; i++) {
        values[from + i] -= (long) NUMBERS.get(bytes, i * Long.BYTES);
      }
    }
  }

  private void next(int length) {
    try {
      int got = cipher.update(ZEROS, 0, length, bytes, 0);
      if (got != length) {
        throw new IllegalStateException("expected " + length + " bytes of the stream, got " + got);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the stream's bytes fit their array", e);
    }
  }
}

package io.neurograft.neural.masking;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys from a secret: HKDF with HMAC-SHA256 (RFC 5869). */
final class Hkdf {
  private static final String HMAC = "HmacSHA256";
  private static final int BLOCK = 32; // bytes of one HMAC

  private Hkdf() {}

  /**
   * A pseudorandom key of 32 bytes (section 2.2).
   *
   * @param salt any bytes, none included
   * @param secret the input keying material
   */
  static byte[] extract(byte[] salt, byte[] secret) {
    // HMAC fills its key up with zeros, but the JDK refuses an empty one.
    return hmac(salt.length == 0 ? new byte[BLOCK] : salt).doFinal(secret);
  }

  /**
   * Output keying material (section 2.3).
   *
   * @param key a pseudorandom key, at least 32 bytes
   * @param info what the output is for
   * @param length 0 to 8160 bytes
   */
  static byte[] expand(byte[] key, byte[] info, int length) {
    if (length < 0 || length > 255 * BLOCK) {
      throw new IllegalArgumentException("expected 0 to 8160 bytes, found " + length);
    }
    int blocks = (length + BLOCK - 1) / BLOCK;
    ByteBuffer output = ByteBuffer.allocate(blocks * BLOCK);
    Mac mac = hmac(key);
    byte[] block = {};
    for (int i = 1; i <= blocks; i++) {
      mac.update(block); // T(i) = HMAC(key, T(i - 1) | info | i)
      mac.update(info);
      mac.update((byte) i);
      block = mac.doFinal();
      output.put(block);
    }
    return Arrays.copyOf(output.array(), length);
  }

  private static Mac hmac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + HMAC, e);
    }
  }
}

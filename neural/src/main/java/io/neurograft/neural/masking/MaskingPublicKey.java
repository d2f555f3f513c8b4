package io.neurograft.neural.masking;

import io.neurograft.neural.config.InvalidInputException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;

/**
 * What a site tells all others of its masking keys: a point of Curve25519 as its u coordinate, 32
 * bytes, the lowest first (RFC 7748, section 5). Each point has one encoding, and none is of low
 * order: with such a point every site would agree on the same secret, zero.
 */
public final class MaskingPublicKey {
  /** The bytes of a key. */
  public static final int LENGTH = 32;

  private static final BigInteger PRIME =
      BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

  /** The u of all points whose order divides 8, on the curve and on its twist. */
  private static final Set<String> LOW_ORDER =
      Set.of(
          "0000000000000000000000000000000000000000000000000000000000000000",
          "0100000000000000000000000000000000000000000000000000000000000000",
          "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
          "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

  private final byte[] bytes;

  private MaskingPublicKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a key.
   *
   * @throws InvalidInputException if it is not 32 bytes, not below the prime 2^255 - 19, or of low
   *     order
   */
  public static MaskingPublicKey of(byte[] bytes) {
    if (bytes.length != LENGTH) {
      throw fault("expected " + LENGTH + " bytes, found " + bytes.length);
    }
    MaskingPublicKey key = new MaskingPublicKey(bytes.clone());
    if (key.u().compareTo(PRIME) >= 0) {
      throw fault("expected a number below 2^255 - 19, found " + key);
    }
    if (LOW_ORDER.contains(key.toString())) {
      throw fault("expected a point that keeps a secret, found one of low order, " + key);
    }
    return key;
  }

  /** The key's 32 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The point's coordinate. */
  BigInteger u() {
    byte[] highestFirst = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      highestFirst[i] = bytes[LENGTH - 1 - i];
    }
    return new BigInteger(1, highestFirst);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MaskingPublicKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The bytes in 64 hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }

  private static InvalidInputException fault(String message) {
    return new InvalidInputException("public masking key", message);
  }
}

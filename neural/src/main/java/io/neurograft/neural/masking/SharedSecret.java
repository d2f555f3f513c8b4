package io.neurograft.neural.masking;

/** What two sites know and nobody else: 32 bytes that keys are derived from, never used as one. */
final class SharedSecret {
  private final byte[] bytes;

  /** Takes over the bytes. */
  SharedSecret(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A key by {@link Hkdf}: equal on both sides where salt and info are. */
  byte[] key(byte[] salt, byte[] info, int length) {
    return Hkdf.expand(Hkdf.extract(salt, bytes), info, length);
  }

  /** Shows nothing of the secret. */
  @Override
  public String toString() {
    return "shared secret";
  }
}

package io.neurograft.proto.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;

/** Public keys as text, beside their private keys. */
final class PublicKeys {
  private PublicKeys() {}

  static String text(PublicKey key) {
    return Pem.block(Pem.PUBLIC_KEY, key.getEncoded());
  }

  static PublicKey read(Path file) throws IOException, GeneralSecurityException {
    byte[] encoded =
        Pem.blocks(file, Pem.PUBLIC_KEY).stream()
            .findFirst()
            .orElseThrow(() -> new GeneralSecurityException("found no public key in " + file));
    return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(encoded));
  }
}

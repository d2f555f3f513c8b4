package io.neurograft.proto.channel;

import io.neurograft.proto.identity.Credentials;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Map;
import java.util.Optional;

/**
 * Checks that a private key belongs to a certificate. The TLS library takes any two; with a wrong
 * pair every handshake fails, and neither end is told why.
 */
public final class KeyPairs {
  /** How keys of each kind sign; keys of other kinds are not checked. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  private KeyPairs() {}

  /**
   * Checks a certificate and its key.
   *
   * @param certificate where the certificate was read from
   * @param key where the key was read from
   * @throws ChannelSettingsException if the key is another certificate's
   */
  public static void check(Credentials credentials, Path certificate, Path key)
      throws GeneralSecurityException {
    PublicKey shown = credentials.certificate().getPublicKey();
    Optional<String> signature = Optional.ofNullable(SIGNATURES.get(shown.getAlgorithm()));
    if (signature.isPresent() && !fits(shown, credentials, signature.get())) {
      throw new ChannelSettingsException(
          "the private key in " + key + " does not belong to the certificate in " + certificate);
    }
  }

  private static boolean fits(PublicKey shown, Credentials credentials, String algorithm)
      throws GeneralSecurityException {
    byte[] message = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    try {
      signature.initSign(credentials.key());
    } catch (InvalidKeyException e) {
      return false; // a key of another kind
    }
    signature.update(message);
    byte[] signed = signature.sign();
    signature.initVerify(shown);
    signature.update(message);
    return signature.verify(signed);
  }
}

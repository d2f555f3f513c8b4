package io.neurograft.proto.channel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Checks that a private key belongs to a certificate. The TLS library takes any two; with a wrong
 * pair every handshake fails, and neither end is told why.
 */
final class KeyPairs {
  /** How keys of each kind sign; keys of other kinds are not checked. */
  private static final Map<String, String> SIGNATURES =
      Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

  private KeyPairs() {}

  /**
   * @param certificate a PEM file with an X.509 certificate first
   * @param key a PEM file with a PKCS#8 private key
   * @throws ChannelSettingsException if the key is another certificate's
   */
  static void check(Path certificate, Path key) {
    try {
      PublicKey shown = certificate(certificate);
      Optional<String> signature = Optional.ofNullable(SIGNATURES.get(shown.getAlgorithm()));
      if (signature.isPresent() && !fits(shown, Files.readString(key), signature.get())) {
        throw new ChannelSettingsException(
            "the private key in " + key + " does not belong to the certificate in " + certificate);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new ChannelSettingsException(
          "cannot use " + certificate + " with " + key + ": " + e.getMessage(), e);
    }
  }

  private static PublicKey certificate(Path file) throws IOException, GeneralSecurityException {
    try (InputStream pem = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificate(pem).getPublicKey();
    }
  }

  private static boolean fits(PublicKey shown, String pem, String algorithm)
      throws GeneralSecurityException {
    byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
    PrivateKey key;
    try {
      key =
          KeyFactory.getInstance(shown.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(encoded));
    } catch (java.security.spec.InvalidKeySpecException e) {
      return false; // a key of another kind
    }
    byte[] message = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(message);
    byte[] signed = signature.sign();
    signature.initVerify(shown);
    signature.update(message);
    return signature.verify(signed);
  }
}

package io.neurograft.proto.identity;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A certificate with its private key.
 *
 * @param chain the certificate, then those that lead to its authority; at least one
 */
public record Credentials(List<X509Certificate> chain, PrivateKey key) {
  /** The curve of all keys that this program makes. */
  static final String CURVE = "secp256r1";

  /**
   * @throws IllegalArgumentException if there is no certificate
   */
  public Credentials {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("expected a certificate");
    }
  }

  /**
   * Reads them from PEM files, which may be one.
   *
   * @throws GeneralSecurityException if a file holds something else
   */
  public static Credentials read(Path certificate, Path key)
      throws IOException, GeneralSecurityException {
    return new Credentials(Pem.certificates(certificate), Pem.privateKey(key));
  }

  /** A new key pair on the curve P-256. */
  public static KeyPair newKeys(SecureRandom random) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(CURVE), random);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException | java.security.InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("this Java has no curve P-256", e);
    }
  }

  /** The certificate itself. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** When it is time for a new certificate: two thirds of this one's life are over. */
  public Instant renewal() {
    Instant from = certificate().getNotBefore().toInstant();
    Duration life = Duration.between(from, certificate().getNotAfter().toInstant());
    return from.plus(life.multipliedBy(2).dividedBy(3));
  }

  /** Both as one text. */
  public String text() throws CertificateException {
    return Pem.text(chain) + Pem.text(key);
  }
}

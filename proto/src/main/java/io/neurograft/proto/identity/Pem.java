package io.neurograft.proto.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and private keys as text. One file may hold both. */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";
  static final String PUBLIC_KEY = "PUBLIC KEY";

  /** More than any chain with its key; a file that is larger is something else. */
  private static final long LARGEST = 1 << 20;

  /** How the algorithms of keys are called, in the order in which they are tried. */
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  private Pem() {}

  /**
   * The certificates of a file, in their order.
   *
   * @throws GeneralSecurityException if there is none, or one cannot be read
   */
  public static List<X509Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (byte[] encoded : blocks(file, CERTIFICATE)) {
      certificates.add(certificate(encoded));
    }
    if (certificates.isEmpty()) {
      throw new CertificateException("found no certificate");
    }
    return certificates;
  }

  /**
   * The private key of a file: PKCS#8, not encrypted.
   *
   * @throws GeneralSecurityException if there is not exactly one, or it cannot be read
   */
  public static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    List<byte[]> keys = blocks(file, PRIVATE_KEY);
    if (keys.size() != 1) {
      throw new InvalidKeySpecException("expected one PRIVATE KEY (PKCS#8), found " + keys.size());
    }
    for (String algorithm : ALGORITHMS) {
      Optional<PrivateKey> key = privateKey(algorithm, keys.get(0));
      if (key.isPresent()) {
        return key.get();
      }
    }
    throw new InvalidKeySpecException("expected a key of one of the kinds " + ALGORITHMS);
  }

  private static Optional<PrivateKey> privateKey(String algorithm, byte[] encoded)
      throws GeneralSecurityException {
    try {
      return Optional.of(
          KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    } catch (InvalidKeySpecException e) {
      return Optional.empty(); // a key of another kind
    }
  }

  /**
   * A certificate by its DER.
   *
   * @throws CertificateException if it is none
   */
  public static X509Certificate certificate(byte[] encoded) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(encoded));
  }

  /** Certificates as text. */
  public static String text(List<X509Certificate> certificates) throws CertificateException {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append(block(CERTIFICATE, certificate.getEncoded()));
    }
    return text.toString();
  }

  /** A private key as text. */
  public static String text(PrivateKey key) {
    return block(PRIVATE_KEY, key.getEncoded());
  }

  static String block(String what, byte[] encoded) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    return "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n";
  }

  static List<byte[]> blocks(Path file, String what) throws IOException, GeneralSecurityException {
    if (Files.size(file) > LARGEST) {
      throw new CertificateException("expected at most " + LARGEST + " bytes");
    }
    List<byte[]> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(file));
    while (matcher.find()) {
      if (matcher.group(1).equals(what)) {
        try {
          blocks.add(Base64.getMimeDecoder().decode(matcher.group(2)));
        } catch (IllegalArgumentException e) {
          throw new CertificateException("a block is no Base64", e);
        }
      }
    }
    return blocks;
  }
}

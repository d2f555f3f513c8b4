package io.neurograft.proto.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is handed to somebody who is invited: a secret, which the coordinator knows by its hash
 * alone, and the hash of the certificate by which the coordinator's own is checked. So whoever
 * enrols knows with whom, before a secret is sent.
 *
 * @param secret 32 characters of Base64 for URLs, 192 random bits
 * @param authority SHA-256 of the certificate in DER, in 43 characters of Base64 for URLs
 */
public record Token(String secret, String authority) {
  private static final Pattern TEXT =
      Pattern.compile("ng1\\.([A-Za-z0-9_-]{32})\\.([A-Za-z0-9_-]{43})");
  private static final int SECRET_BYTES = 24;

  /** A new token. */
  public static Token random(SecureRandom random, X509Certificate authority) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new Token(base64(secret), hash(authority));
  }

  /**
   * Reads a token as it was printed.
   *
   * @throws IllegalArgumentException if it is none; the message does not repeat it
   */
  public static Token parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a token as it was printed: ng1., 32 characters, a dot, 43 characters");
    }
    return new Token(matcher.group(1), matcher.group(2));
  }

  /** The token as it is printed. */
  public String text() {
    return "ng1." + secret + "." + authority;
  }

  /** How the coordinator knows the secret: SHA-256, in hexadecimal. */
  public static String digest(String secret) {
    return HexFormat.of().formatHex(sha256(secret.getBytes(StandardCharsets.UTF_8)));
  }

  /** Whether this is the certificate by which the coordinator's own is checked. */
  public boolean names(X509Certificate certificate) {
    return authority.equals(hash(certificate));
  }

  private static String hash(X509Certificate certificate) {
    try {
      return base64(sha256(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("a certificate without an encoding", e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** Without the secret, so that it stands in no log. */
  @Override
  public String toString() {
    return "token for " + authority;
  }
}

package io.neurograft.proto.channel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The PEM files of one end of a TLS connection.
 *
 * @param trust certificates of the authorities by which the other end is checked; where a client
 *     has none, those of the platform; where a server has none, it asks clients for none
 * @param certificate this end's certificate chain; a server must have one
 * @param key the certificate's private key, PKCS#8, not encrypted; there exactly if the certificate
 *     is; may be the same file. Both files are read again when they change
 */
public record TlsSettings(Optional<Path> trust, Optional<Path> certificate, Optional<Path> key) {
  /** Settings of a client that shows no certificate and trusts whom the platform trusts. */
  public static final TlsSettings NONE =
      new TlsSettings(Optional.empty(), Optional.empty(), Optional.empty());

  /**
   * @throws ChannelSettingsException if there is a certificate without a key, or a key without a
   *     certificate
   */
  public TlsSettings {
    if (certificate.isPresent() != key.isPresent()) {
      throw new ChannelSettingsException(
          "expected a certificate and its key together, found only the "
              + (key.isPresent() ? "key" : "certificate"));
    }
  }

  /** Settings of a client that shows no certificate. */
  public static TlsSettings trusting(Path trust) {
    return new TlsSettings(Optional.of(trust), Optional.empty(), Optional.empty());
  }

  /** Settings of a server that takes clients without a certificate. */
  public static TlsSettings serving(Path certificate, Path key) {
    return new TlsSettings(Optional.empty(), Optional.of(certificate), Optional.of(key));
  }

  /**
   * Checks that every file can be read.
   *
   * @throws ChannelSettingsException naming the first that cannot
   */
  void check() {
    trust.ifPresent(file -> readable("trusted certificates", file));
    certificate.ifPresent(file -> readable("certificate", file));
    key.ifPresent(file -> readable("private key", file));
  }

  private static void readable(String what, Path file) {
    if (!Files.exists(file)) {
      throw new ChannelSettingsException("no such file for the " + what + ": " + file);
    }
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new ChannelSettingsException("cannot read the " + what + " in " + file);
    }
  }
}

package io.neurograft.client.preflight;

import io.neurograft.neural.config.IoWords;
import io.neurograft.proto.channel.ChannelSettingsException;
import io.neurograft.proto.channel.KeyPairs;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.identity.Credentials;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;
import io.neurograft.proto.identity.SecretFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/** Looks at the certificate by which a site calls, without asking anybody. */
final class CertificateCheck {
  private static final String ENROL =
      "have the operator invite this site (site invite NAME), then run node enrol with the token";

  private CertificateCheck() {}

  /**
   * @param tls the site's files
   * @param renewed whether the node has it renewed; not where it was brought
   * @param now by this machine's clock
   */
  static Finding of(TlsSettings tls, String site, boolean renewed, Instant now) {
    Optional<Path> certificate = tls.certificate();
    Optional<Path> key = tls.key();
    if (certificate.isEmpty() || key.isEmpty()) {
      return Finding.failed("there is none: the site has not enrolled", ENROL);
    }
    try {
      Credentials credentials = Credentials.read(certificate.get(), key.get());
      KeyPairs.check(credentials, certificate.get(), key.get());
      return judge(credentials.certificate(), key.get(), site, renewed, now);
    } catch (IOException e) {
      return Finding.failed(IoWords.of(e), "let the node's user read it, or enrol anew");
    } catch (GeneralSecurityException | ChannelSettingsException e) {
      return Finding.failed(
          certificate.get() + ": " + e.getMessage(),
          "bring certificate and key that belong together, or enrol anew");
    }
  }

  private static Finding judge(
      X509Certificate certificate, Path key, String site, boolean renewed, Instant now)
      throws IOException {
    Optional<Identity> named = Identity.of(certificate);
    if (named.filter(new Identity(Role.SITE, site)::equals).isEmpty()) {
      return Finding.failed(
          "it is of %s, not of site %s"
              .formatted(named.map(Identity::toString).orElse("nobody"), site),
          "write the name that was invited in the configuration (site:), use a folder of this"
              + " site's own, or enrol this site");
    }
    if (!Certificates.valid(certificate, now)) {
      return Finding.failed(
          "it does not count now: " + Certificates.validity(certificate, now),
          "if this machine's clock is right: " + ENROL);
    }
    String found =
        "of %s, good until %s%s"
            .formatted(
                named.get(),
                Certificates.until(certificate),
                renewed ? "; the node renews it" : "; not renewed by the node");
    if (SecretFiles.isShared(key)) {
      return Finding.warning(
          found + "; others than its owner can read the private key in " + key,
          "chmod 600 " + key + "; if somebody else may have read it, enrol anew");
    }
    return Certificates.endsSoon(certificate, now)
        ? Finding.warning(
            found + "; which is soon",
            renewed ? "start the node, which renews it" : "bring a new certificate in time")
        : Finding.passed(found);
  }
}

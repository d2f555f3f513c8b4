package io.neurograft.coordinator.authority;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.identity.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * By whom certificates are signed.
 *
 * @param signing signs for those who enrol; empty where the operator brings all certificates
 * @param root by what clients check the coordinator's certificate
 */
public record Authorities(Optional<Authority> signing, X509Certificate root) {
  /** The folder of the authority, in the coordinator's. */
  static final String FOLDER = "authority";

  /**
   * Opens them; makes the coordinator's own authority where there is none.
   *
   * @param folder the coordinator's
   * @throws InvalidInputException if a file cannot be used
   */
  public static Authorities open(ServerTls tls, Path folder, Instant now, SecureRandom random) {
    Optional<Authority> signing =
        tls.authority()
            .map(files -> Authority.fromFiles(files.certificate(), files.key(), now, random))
            .or(() -> own(tls, folder, now, random));
    X509Certificate root =
        tls.files()
            .flatMap(TlsSettings::certificate)
            .map(file -> last(file, signing.isPresent()))
            .orElseGet(() -> signing.orElseThrow().root());
    return new Authorities(signing, root);
  }

  /** Whether opening them makes nothing. */
  public static boolean exist(ServerTls tls, Path folder) {
    return tls.authority().isPresent()
        || tls.files().flatMap(TlsSettings::trust).isPresent()
        || Files.exists(folder.resolve(FOLDER).resolve(Authority.CERTIFICATE));
  }

  private static Optional<Authority> own(
      ServerTls tls, Path folder, Instant now, SecureRandom random) {
    return tls.files().flatMap(TlsSettings::trust).isPresent()
        ? Optional.empty()
        : Optional.of(Authority.inFolder(folder.resolve(FOLDER), now, random));
  }

  /**
   * The last certificate of the coordinator's.
   *
   * @param pinned whether those who enrol trust it from then on, and it alone; so it has to be one
   *     that outlives the coordinator's
   */
  private static X509Certificate last(Path file, boolean pinned) {
    try {
      List<X509Certificate> chain = Pem.certificates(file);
      X509Certificate last = chain.get(chain.size() - 1);
      if (pinned && last.getBasicConstraints() < 0) {
        throw new InvalidInputException(
            "tls.certificate " + file,
            "expected the certificate of its authority as the last one in the file, by which those"
                + " who enrol here check the next certificate, too; append it, or give tls.trust"
                + " without an authority, and nobody enrols here");
      }
      return last;
    } catch (IOException | GeneralSecurityException e) {
      throw new InvalidInputException("tls.certificate " + file, "cannot be used: " + e);
    }
  }
}

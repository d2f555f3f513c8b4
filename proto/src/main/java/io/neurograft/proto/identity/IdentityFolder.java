package io.neurograft.proto.identity;

import io.neurograft.proto.artifact.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Where a site or an operator keeps who it is: {@code identity.pem}, certificate and private key in
 * one file, so that both are always of one pair; {@code trust.pem}, by what a coordinator is
 * checked; and, while a certificate is asked for, {@code next.key}.
 */
public final class IdentityFolder {
  private final Path folder;

  /** A folder, which need not be there yet. */
  public IdentityFolder(Path folder) {
    this.folder = folder;
  }

  /** Certificate and private key. */
  public Path identity() {
    return folder.resolve("identity.pem");
  }

  /** By what a coordinator is checked. */
  public Path trust() {
    return folder.resolve("trust.pem");
  }

  /** Whether there is a certificate. */
  public boolean enrolled() {
    return Files.exists(identity());
  }

  /**
   * What is there now.
   *
   * @throws GeneralSecurityException if a file holds something else
   */
  public Credentials credentials() throws IOException, GeneralSecurityException {
    return Credentials.read(identity(), identity());
  }

  /**
   * The key pair for which a certificate is asked next: the same until one is {@linkplain #store
   * stored}, so that a request can be made again.
   *
   * @throws GeneralSecurityException if a file holds something else
   */
  public KeyPair nextKeys(SecureRandom random) throws IOException, GeneralSecurityException {
    SecretFiles.folder(folder);
    if (!Files.exists(next())) {
      KeyPair made = Credentials.newKeys(random);
      // A key of its own says no longer which public key it has; so both are kept.
      SecretFiles.write(next(), Pem.text(made.getPrivate()) + PublicKeys.text(made.getPublic()));
      return made;
    }
    return new KeyPair(PublicKeys.read(next()), Pem.privateKey(next()));
  }

  /**
   * Stores the certificate that was asked for.
   *
   * @param trust by what a coordinator is checked from now on; at least one
   * @throws GeneralSecurityException if the certificate is not of the next keys
   */
  public void store(List<X509Certificate> chain, List<X509Certificate> trust, KeyPair keys)
      throws IOException, GeneralSecurityException {
    PublicKey certified = chain.get(0).getPublicKey();
    if (!keys.getPublic().equals(certified)) {
      throw new CertificateException("the certificate is of another key than was asked for");
    }
    DurableFiles.write(trust(), Pem.text(trust));
    SecretFiles.write(identity(), new Credentials(chain, keys.getPrivate()).text());
    Files.deleteIfExists(next());
  }

  private Path next() {
    return folder.resolve("next.key");
  }
}

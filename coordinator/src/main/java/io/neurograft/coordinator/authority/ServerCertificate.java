package io.neurograft.coordinator.authority;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.config.IoWords;
import io.neurograft.proto.artifact.DurableFiles;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.identity.Credentials;
import io.neurograft.proto.identity.Pem;
import io.neurograft.proto.identity.SecretFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a running coordinator's end of TLS. What its own authority signs for it is signed
 * anew at each start, and when two thirds of its life are over.
 */
public final class ServerCertificate {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCertificate.class);

  private final ServerTls tls;
  private final Authorities authorities;
  private final Path folder;
  private final SecureRandom random;
  private final TlsSettings settings;

  /** When it is time to sign anew; never, where the operator brings the certificate. */
  private Instant renewal = Instant.MAX;

  /** Why signing failed the last time; empty if it did not. It is tried again every second. */
  private String failure = "";

  private ServerCertificate(
      ServerTls tls, Authorities authorities, Path folder, Instant now, SecureRandom random)
      throws IOException, GeneralSecurityException {
    this.tls = tls;
    this.authorities = authorities;
    this.folder = SecretFiles.folder(folder);
    this.random = random;
    Path trust = folder.resolve("trust.pem");
    DurableFiles.write(trust, Pem.text(trusted()));
    if (tls.files().isPresent()) {
      TlsSettings files = tls.files().get();
      if (files.key().isPresent()) {
        SecretFiles.warnIfShared(files.key().get());
      }
      settings = new TlsSettings(Optional.of(trust), files.certificate(), files.key());
    } else {
      sign(now);
      settings = new TlsSettings(Optional.of(trust), Optional.of(file()), Optional.of(file()));
    }
  }

  /**
   * Prepares the files.
   *
   * @param folder the coordinator's
   * @throws InvalidInputException if a file cannot be used
   */
  public static ServerCertificate open(
      ServerTls tls, Authorities authorities, Path folder, Instant now, SecureRandom random) {
    try {
      return new ServerCertificate(
          tls, authorities, folder.resolve(Authorities.FOLDER), now, random);
    } catch (IOException e) {
      throw new InvalidInputException("tls", "cannot be used: " + IoWords.of(e));
    } catch (GeneralSecurityException e) {
      throw new InvalidInputException("tls", "cannot be used: " + e.getMessage());
    }
  }

  /** For the server. */
  public TlsSettings settings() {
    return settings;
  }

  /** Has it signed anew if it is time; whoever connects from then on is shown that. */
  public synchronized void renew(Instant now) {
    if (now.isBefore(renewal)) {
      return;
    }
    try {
      sign(now);
      failure = "";
      LOG.info("signed a new certificate for this coordinator");
    } catch (IOException e) {
      failed(IoWords.of(e));
    } catch (GeneralSecurityException e) {
      failed(String.valueOf(e.getMessage()));
    }
  }

  private void failed(String why) {
    if (!why.equals(failure)) {
      LOG.error("cannot sign a new certificate for this coordinator, and tries on: {}", why);
      failure = why;
    }
  }

  private Path file() {
    return folder.resolve("server.pem");
  }

  private void sign(Instant now) throws IOException, CertificateException {
    Authority authority = authorities.signing().orElseThrow();
    KeyPair keys = Credentials.newKeys(random);
    List<String> names = tls.names().isEmpty() ? namesHere() : tls.names();
    List<X509Certificate> chain = authority.server(keys.getPublic(), names, now, tls.lifetime());
    Credentials signed = new Credentials(chain, keys.getPrivate());
    SecretFiles.write(file(), signed.text());
    Instant end = signed.certificate().getNotAfter().toInstant();
    // One that ends with its authority is not bettered by signing another.
    renewal = end.isBefore(authority.until()) ? signed.renewal() : Instant.MAX;
    if (renewal.equals(Instant.MAX)) {
      LOG.warn("the authority that signs here, and this coordinator's certificate, end at {}", end);
    }
  }

  private static List<String> namesHere() {
    Set<String> names = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
    try {
      names.add(InetAddress.getLocalHost().getHostName());
    } catch (IOException e) {
      LOG.warn("this machine does not know its own name; tls.names says what sites call it");
    }
    return List.copyOf(names);
  }

  /** Of whose certificates clients may be. */
  private List<X509Certificate> trusted() throws IOException, GeneralSecurityException {
    List<X509Certificate> trusted = new ArrayList<>();
    authorities.signing().map(Authority::certificate).ifPresent(trusted::add);
    Optional<Path> brought = tls.files().flatMap(TlsSettings::trust);
    if (brought.isPresent()) {
      trusted.addAll(Pem.certificates(brought.get()));
    }
    return trusted;
  }
}

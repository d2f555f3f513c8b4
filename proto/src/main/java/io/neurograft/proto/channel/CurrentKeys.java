package io.neurograft.proto.channel;

import io.neurograft.proto.identity.Credentials;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows at every handshake the certificate that stands in the files then, so that a renewed one
 * needs no restart. While the files cannot be used, the last that could is shown.
 */
final class CurrentKeys extends X509ExtendedKeyManager {
  private static final Logger LOG = LoggerFactory.getLogger(CurrentKeys.class);

  /**
   * @param alias a name of its own, since certificate and key are asked for one after the other
   */
  private record Loaded(String alias, Credentials credentials, List<FileTime> times) {}

  private final Path certificate;
  private final Path key;
  private Loaded current;
  private Loaded before;

  /**
   * @throws ChannelSettingsException if the files cannot be used
   */
  CurrentKeys(Path certificate, Path key) {
    this.certificate = certificate;
    this.key = key;
    try {
      current = load(0);
      before = current;
    } catch (IOException | GeneralSecurityException e) {
      throw new ChannelSettingsException(
          "expected PEM files in " + certificate + " and " + key + ": " + e.getMessage(), e);
    }
  }

  private Loaded load(int number) throws IOException, GeneralSecurityException {
    List<FileTime> times = times();
    Credentials credentials = Credentials.read(certificate, key);
    KeyPairs.check(credentials, certificate, key);
    return new Loaded("files-" + number, credentials, times);
  }

  private List<FileTime> times() throws IOException {
    return List.of(Files.getLastModifiedTime(certificate), Files.getLastModifiedTime(key));
  }

  private synchronized String alias() {
    try {
      if (!times().equals(current.times())) {
        Loaded loaded = load(1 + Integer.parseInt(current.alias().substring("files-".length())));
        before = current;
        current = loaded;
        LOG.info("shows the certificate that was put into {} from now on", certificate);
      }
    } catch (IOException | GeneralSecurityException | ChannelSettingsException e) {
      LOG.warn("goes on with the former certificate of {}: {}", certificate, e.getMessage());
    }
    return current.alias();
  }

  private synchronized Credentials credentials(String alias) {
    return alias.equals(before.alias()) ? before.credentials() : current.credentials();
  }

  @Override
  public String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias();
  }

  @Override
  public String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return alias();
  }

  @Override
  public String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias();
  }

  @Override
  public String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return alias();
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return credentials(alias).chain().toArray(X509Certificate[]::new);
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return credentials(alias).key();
  }

  @Override
  public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {alias()};
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {alias()};
  }
}

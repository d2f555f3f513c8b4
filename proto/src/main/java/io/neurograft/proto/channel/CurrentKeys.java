package io.neurograft.proto.channel;

import io.neurograft.proto.identity.Credentials;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
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
  private record Loaded(String alias, Credentials credentials, List<State> states) {}

  /** By what it is seen that a file was written. */
  private record State(FileTime time, long size) {}

  private final Path certificate;
  private final Path key;
  private Loaded current;
  private Loaded before;

  /** Files that hold something else; those that cannot be read may be later, as they are. */
  private List<State> unfit = List.of();

  /** The last files that could not be used and were told of. */
  private List<State> told = List.of();

  /**
   * @throws ChannelSettingsException if the files cannot be used
   */
  CurrentKeys(Path certificate, Path key) {
    this.certificate = certificate;
    this.key = key;
    try {
      current = load(0, states());
      before = current;
    } catch (IOException | GeneralSecurityException e) {
      throw new ChannelSettingsException(
          "expected PEM files in " + certificate + " and " + key + ": " + e.getMessage(), e);
    }
  }

  private Loaded load(int number, List<State> states) throws IOException, GeneralSecurityException {
    Credentials credentials = Credentials.read(certificate, key);
    KeyPairs.check(credentials, certificate, key);
    return new Loaded("files-" + number, credentials, states);
  }

  private List<State> states() {
    return List.of(state(certificate), state(key));
  }

  /** A file that is not there, or may not be looked at, has a state, too. */
  private static State state(Path file) {
    try {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new State(now.lastModifiedTime(), now.size());
    } catch (IOException e) {
      return new State(FileTime.fromMillis(0), -1);
    }
  }

  private synchronized String alias() {
    List<State> states = states();
    if (!states.equals(current.states()) && !states.equals(unfit)) {
      try {
        Loaded loaded =
            load(1 + Integer.parseInt(current.alias().substring("files-".length())), states);
        before = current;
        current = loaded;
        LOG.info("shows the certificate that was put into {} from now on", certificate);
      } catch (GeneralSecurityException | ChannelSettingsException e) {
        unfit = states;
        tell(states, String.valueOf(e.getMessage()));
      } catch (IOException e) {
        tell(states, String.valueOf(e.getMessage()));
      }
    }
    return current.alias();
  }

  /** Once for files as they are, however many handshakes there are. */
  private void tell(List<State> states, String why) {
    if (!states.equals(told)) {
      LOG.warn("goes on with the former certificate of {}: {}", certificate, why);
      told = states;
    }
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

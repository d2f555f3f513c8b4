package io.neurograft.client.preflight;

import io.neurograft.proto.channel.ServerTrust;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.identity.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** The authorities by which a site checks its coordinator. */
final class Trust {
  /** What the JDK passes for TLS 1.3, where the kind of key is not part of the cipher suite. */
  private static final String ANY_KEY = "UNKNOWN";

  private final Set<TrustAnchor> anchors;

  private Trust(Collection<X509Certificate> authorities) {
    anchors =
        authorities.stream().map(one -> new TrustAnchor(one, null)).collect(Collectors.toSet());
  }

  /**
   * Reads them; those of the platform where the site has none of its own.
   *
   * @throws GeneralSecurityException if a file holds something else
   */
  static Trust of(TlsSettings tls) throws IOException, GeneralSecurityException {
    Optional<Path> file = tls.trust();
    return new Trust(file.isPresent() ? Pem.certificates(file.get()) : platform());
  }

  private static List<X509Certificate> platform() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((@Nullable KeyStore) null);
    return List.of(ServerTrust.extended(factory).getAcceptedIssuers());
  }

  /** The JDK's check of chains, dates and host names, as of a moment. */
  X509ExtendedTrustManager at(Instant moment) throws GeneralSecurityException {
    PKIXBuilderParameters path = new PKIXBuilderParameters(anchors, new X509CertSelector());
    path.setRevocationEnabled(false); // the coordinator tells of revocations itself
    path.setDate(Date.from(moment));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(path));
    return ServerTrust.extended(factory);
  }

  /** Whether a chain leads to one of the authorities, as of a moment, whatever host it names. */
  boolean leads(List<X509Certificate> chain, Instant moment) {
    try {
      at(moment).checkServerTrusted(chain.toArray(X509Certificate[]::new), ANY_KEY);
      return true;
    } catch (CertificateException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot check certificates", e);
    }
  }
}

package io.neurograft.proto.channel;

import io.neurograft.proto.identity.Token;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the one authority whose hash stands in a token: for the call by which somebody enrols, who
 * has no other way yet to know the coordinator. The coordinator shows its authority's certificate
 * with its own; what follows is the JDK's check of chain, dates and host name.
 */
final class PinnedAuthority extends ServerTrust {
  private final Token token;

  PinnedAuthority(Token token) {
    this.token = token;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    delegate(chain).checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    delegate(chain).checkServerTrusted(chain, type, socket);
  }

  /** Without an engine nobody says which host was meant. */
  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("the host's name cannot be checked");
  }

  private X509ExtendedTrustManager delegate(X509Certificate[] chain) throws CertificateException {
    X509Certificate pinned =
        Arrays.stream(chain)
            .filter(token::names)
            .findFirst()
            .orElseThrow(
                () -> new CertificateException("this is not the coordinator that made the token"));
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("pinned", pinned);
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return extended(factory);
    } catch (IOException | GeneralSecurityException e) {
      throw new CertificateException(e.getMessage(), e);
    }
  }
}

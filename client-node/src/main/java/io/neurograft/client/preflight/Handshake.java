package io.neurograft.client.preflight;

import io.neurograft.proto.channel.ServerTrust;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * One TLS handshake that shows no certificate and sends nothing, and what was seen of the other
 * end. Nobody is trusted by it whom a node would not trust.
 *
 * @param chain what the other end has shown; empty if it did not come so far
 * @param protocol what is spoken above TLS; {@code h2} at a coordinator
 * @param failure why there was no connection
 */
record Handshake(List<X509Certificate> chain, String protocol, Optional<IOException> failure) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String HTTP2 = "h2";

  /**
   * Makes one.
   *
   * @param host the name that the other end's certificate has to have
   * @param trusted checks the certificate; empty for one that is looked at only
   */
  static Handshake make(
      SocketAddress address, String host, Optional<X509ExtendedTrustManager> trusted)
      throws GeneralSecurityException {
    Look look = new Look(trusted);
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, new TrustManager[] {look}, null);
    try (Socket socket = new Socket()) {
      socket.connect(address, (int) PATIENCE.toMillis());
      socket.setSoTimeout((int) PATIENCE.toMillis());
      int port = ((InetSocketAddress) address).getPort();
      try (SSLSocket tls =
          (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true)) {
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3"});
        parameters.setApplicationProtocols(new String[] {HTTP2});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return new Handshake(
            look.chain, String.valueOf(tls.getApplicationProtocol()), Optional.empty());
      }
    } catch (IOException e) {
      return new Handshake(look.chain, "", Optional.of(e));
    }
  }

  boolean http2() {
    return protocol.equals(HTTP2);
  }

  /** Keeps what is shown, then checks it as a node would. */
  private static final class Look extends ServerTrust {
    private final Optional<X509ExtendedTrustManager> trusted;
    private List<X509Certificate> chain = List.of();

    Look(Optional<X509ExtendedTrustManager> trusted) {
      this.trusted = trusted;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type, Socket socket)
        throws CertificateException {
      chain = List.of(shown);
      trusted
          .orElseThrow(() -> new CertificateException("nobody is trusted here yet"))
          .checkServerTrusted(shown, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("only sockets are looked at");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String type)
        throws CertificateException {
      throw new CertificateException("only sockets are looked at");
    }
  }
}

package io.neurograft.client.preflight;

import io.neurograft.proto.channel.TlsSettings;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Shakes hands with a coordinator and looks at its certificate. */
final class TlsCheck {
  private TlsCheck() {}

  /**
   * What the handshake gave.
   *
   * @param shown the coordinator's certificate, if its authority is trusted here, whatever its
   *     dates
   */
  record Shaken(Finding finding, Optional<X509Certificate> shown) {}

  /**
   * @param tls the site's files
   * @param now by this machine's clock
   */
  static Shaken shake(InetAddress address, String host, int port, TlsSettings tls, Instant now) {
    boolean enrolled = tls.trust().isPresent() || tls.certificate().isPresent();
    try {
      Trust trust = Trust.of(tls);
      Handshake made =
          Handshake.make(
              new InetSocketAddress(address, port),
              host,
              enrolled ? Optional.of(trust.at(now)) : Optional.empty());
      return judge(made, host, trust, enrolled, now);
    } catch (IOException | GeneralSecurityException e) {
      return new Shaken(
          Finding.failed(
              "the authorities in "
                  + tls.trust().map(Object::toString).orElse("this Java")
                  + " cannot be read: "
                  + e.getMessage(),
              "put the coordinator's authority there, or enrol anew"),
          Optional.empty());
    }
  }

  private static Shaken judge(
      Handshake made, String host, Trust trust, boolean enrolled, Instant now) {
    if (made.chain().isEmpty()) {
      return new Shaken(
          made.failure()
              .map(TlsCheck::silent)
              .orElseGet(() -> silent(new EOFException("no certificate was shown"))),
          Optional.empty());
    }
    X509Certificate shown = made.chain().get(0);
    if (!enrolled) {
      return new Shaken(stranger(shown, now), Optional.empty());
    }
    if (!trust.leads(made.chain(), now) && !trust.leads(made.chain(), middle(shown))) {
      return new Shaken(foreign(shown), Optional.empty());
    }
    return new Shaken(known(made, shown, host, trust, now), Optional.of(shown));
  }

  private static Finding known(
      Handshake made, X509Certificate shown, String host, Trust trust, Instant now) {
    if (!trust.leads(made.chain(), now)) {
      return Finding.failed(
          "the coordinator's certificate does not count now: " + Certificates.validity(shown, now),
          "set this machine's clock; if it is right, the coordinator's operator has to renew the"
              + " certificate");
    }
    if (made.failure().isPresent()) {
      return Finding.failed(
          "the coordinator's certificate is for "
              + Certificates.hosts(shown)
              + ", not for "
              + host
              + " ("
              + made.failure().get().getMessage()
              + ")",
          "write one of those names in the configuration (coordinator:), or have the operator add"
              + " this one to tls.names of the coordinator");
    }
    if (!made.http2()) {
      return Finding.failed(
          "TLS 1.3 and a certificate that is trusted, but no HTTP/2 is spoken",
          "something between here and the coordinator takes HTTP/2 away: have it pass the"
              + " connection through unopened");
    }
    String found =
        "TLS 1.3; certificate by %s for %s, good until %s"
            .formatted(
                Certificates.issuer(shown), Certificates.hosts(shown), Certificates.until(shown));
    return Certificates.endsSoon(shown, now)
        ? Finding.warning(
            found + ", which is soon", "tell the coordinator's operator, who has to renew it")
        : Finding.passed(found);
  }

  /** Before it has enrolled, a site has nothing to check a coordinator by. */
  private static Finding stranger(X509Certificate shown, Instant now) {
    String found =
        "TLS 1.3; a certificate by %s for %s, which cannot be checked before the site has enrolled"
            .formatted(Certificates.issuer(shown), Certificates.hosts(shown));
    return Certificates.valid(shown, now)
        ? Finding.warning(found, "enrol; the token says which authority is the right one")
        : Finding.failed(
            found + "; " + Certificates.validity(shown, now),
            "set this machine's clock, then enrol");
  }

  private static Finding foreign(X509Certificate shown) {
    return Finding.failed(
        "the certificate shown was signed by "
            + Certificates.issuer(shown)
            + ", which is not the coordinator's authority",
        "if that is a firewall, proxy or virus scanner of yours, it opens the connection: have it"
            + " leave this one alone; otherwise ask the coordinator's operator, and enrol anew if"
            + " the coordinator was set up anew");
  }

  private static Finding silent(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof SocketTimeoutException) {
      return Finding.failed(
          "the port is open, but says nothing",
          "what listens there is no coordinator, or a firewall on the way holds TLS back: ask its"
              + " operator, and your network's team");
    }
    if (message.contains("alert")) {
      return Finding.failed(
          "the other end refuses TLS 1.3 (" + message + ")",
          "what answers there is no coordinator; perhaps a proxy on the way allows older TLS only");
    }
    return Finding.failed(
        "no TLS is spoken there (" + message + ")",
        "compare host and port in the configuration with what the operator gave you; a coordinator"
            + " without TLS is reached with plaintext: true, which is not for real operation");
  }

  private static Instant middle(X509Certificate certificate) {
    Instant from = Certificates.from(certificate);
    return from.plus(Duration.between(from, Certificates.until(certificate)).dividedBy(2));
  }
}

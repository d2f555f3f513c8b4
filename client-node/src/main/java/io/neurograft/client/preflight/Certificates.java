package io.neurograft.client.preflight;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What a certificate says, in words. */
final class Certificates {
  /** The numbers of host names and addresses among the kinds of names (RFC 5280, 4.2.1.6). */
  private static final List<Integer> HOSTS = List.of(2, 7);

  private static final Duration SOON = Duration.ofDays(7);
  private static final int LONGEST = 120;

  private Certificates() {}

  static Instant from(X509Certificate certificate) {
    return certificate.getNotBefore().toInstant();
  }

  static Instant until(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }

  static boolean valid(X509Certificate certificate, Instant now) {
    return !now.isBefore(from(certificate)) && !now.isAfter(until(certificate));
  }

  /** Whether it ends within a week, or a sixth of its life where that is less. */
  static boolean endsSoon(X509Certificate certificate, Instant now) {
    Duration sixth = Duration.between(from(certificate), until(certificate)).dividedBy(6);
    Duration left = Duration.between(now, until(certificate));
    return left.compareTo(sixth.compareTo(SOON) < 0 ? sixth : SOON) < 0;
  }

  /** When it is good, against a clock that says that it is not. */
  static String validity(X509Certificate certificate, Instant now) {
    return "it is good from %s to %s, and this machine's clock says %s"
        .formatted(from(certificate), until(certificate), now.truncatedTo(ChronoUnit.SECONDS));
  }

  static String issuer(X509Certificate certificate) {
    return brief(certificate.getIssuerX500Principal().getName());
  }

  /** The hosts that it names. */
  static String hosts(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      String hosts =
          (names == null ? List.<List<?>>of() : names)
              .stream()
                  .filter(name -> HOSTS.contains(name.get(0)))
                  .map(name -> String.valueOf(name.get(1)))
                  .collect(Collectors.joining(", "));
      return hosts.isEmpty() ? "no host" : brief(hosts);
    } catch (CertificateParsingException e) {
      return "no host that can be read";
    }
  }

  private static String brief(String text) {
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
  }
}

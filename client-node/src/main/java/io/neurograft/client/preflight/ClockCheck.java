package io.neurograft.client.preflight;

import io.neurograft.client.rpc.AdmissionCall.Admitted;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Compares this machine's clock with a coordinator's. */
final class ClockCheck {
  private static final Duration WARN = Duration.ofSeconds(30);

  /** By so much certificates are made to begin earlier. */
  private static final Duration FAIL = Duration.ofMinutes(5);

  private static final String MEND =
      "have this machine's clock set by a time server (NTP), for instance with systemd-timesyncd or"
          + " chrony";

  private ClockCheck() {}

  static Finding of(Admitted answer) {
    Duration ahead = answer.ahead();
    String found =
        "%s %s the coordinator's, give or take %s"
            .formatted(
                span(ahead.abs()),
                ahead.isNegative() ? "behind" : "ahead of",
                span(answer.roundTrip().dividedBy(2)));
    if (ahead.abs().compareTo(FAIL) > 0) {
      return Finding.failed(found, MEND);
    }
    return ahead.abs().compareTo(WARN) > 0 ? Finding.warning(found, MEND) : Finding.passed(found);
  }

  /**
   * What is known of a clock where the coordinator could not be asked, by its certificate: that is
   * renewed while a third of its life is left, so it shows roughly when the coordinator is.
   */
  static Finding by(X509Certificate shown, Instant now) {
    if (Certificates.valid(shown, now)) {
      return Finding.skipped("the coordinator has to let this site in first");
    }
    boolean behind = now.isBefore(Certificates.from(shown));
    Duration least =
        behind
            ? Duration.between(now, Certificates.from(shown))
            : Duration.between(Certificates.until(shown), now);
    return Finding.failed(
        "at least %s %s the coordinator's, by its certificate"
            .formatted(span(least), behind ? "behind" : "ahead of"),
        MEND);
  }

  /** A span of time in the unit that fits it. */
  static String span(Duration span) {
    double seconds = span.getSeconds() + span.getNano() / 1e9; // toNanos ends at 292 years
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.3f s", seconds);
    }
    if (span.compareTo(Duration.ofMinutes(5)) < 0) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }
    if (span.compareTo(Duration.ofHours(3)) < 0) {
      return span.toMinutes() + " min";
    }
    return span.compareTo(Duration.ofDays(3)) < 0 ? span.toHours() + " h" : span.toDays() + " days";
  }
}

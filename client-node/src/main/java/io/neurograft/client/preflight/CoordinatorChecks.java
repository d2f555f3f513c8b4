package io.neurograft.client.preflight;

import io.neurograft.client.rpc.AdmissionCall;
import io.neurograft.client.rpc.AdmissionCall.Admitted;
import io.neurograft.client.rpc.AdmissionCall.Answer;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The way to one address of the coordinator, step by step: each needs the one before. */
final class CoordinatorChecks {
  private final Endpoint coordinator;
  private final String site;
  private final Optional<TlsSettings> tls;
  private final Optional<String> proxy;
  private final InstantSource clock;
  private final BiConsumer<Check, Finding> told;

  /**
   * @param tls the site's files; empty for plain text
   * @param proxy the proxy for HTTP that this machine's surroundings name, if any
   * @param told hears of each finding as soon as it is known
   */
  CoordinatorChecks(
      Endpoint coordinator,
      String site,
      Optional<TlsSettings> tls,
      Optional<String> proxy,
      InstantSource clock,
      BiConsumer<Check, Finding> told) {
    this.coordinator = coordinator;
    this.site = site;
    this.tls = tls;
    this.proxy = proxy;
    this.clock = clock;
    this.told = told;
  }

  void run() throws InterruptedException {
    NameCheck.Resolved resolved = NameCheck.resolve(coordinator.host());
    told.accept(Check.NAME, resolved.finding());
    if (resolved.addresses().isEmpty()) {
      skip("the name has to be known first", Check.PORT, Check.TLS, Check.ADMISSION, Check.CLOCK);
      return;
    }
    PortCheck.Reached reached = PortCheck.connect(resolved.addresses(), coordinator.port(), proxy);
    told.accept(Check.PORT, reached.finding());
    if (reached.address().isEmpty()) {
      skip("the port has to answer first", Check.TLS, Check.ADMISSION, Check.CLOCK);
    } else if (tls.isEmpty()) {
      told.accept(Check.TLS, plainText());
      admission(Optional.empty());
    } else {
      encrypted(reached.address().get(), tls.get());
    }
  }

  private void encrypted(InetAddress address, TlsSettings files) throws InterruptedException {
    TlsCheck.Shaken shaken =
        TlsCheck.shake(address, coordinator.host(), coordinator.port(), files, clock.instant());
    told.accept(Check.TLS, shaken.finding());
    if (!shaken.finding().ok()) {
      skip("the TLS handshake has to pass first", Check.ADMISSION);
      told.accept(
          Check.CLOCK,
          shaken
              .shown()
              .map(shown -> ClockCheck.by(shown, clock.instant()))
              .orElseGet(() -> Finding.skipped("the TLS handshake has to pass first")));
    } else if (files.certificate().isEmpty()) {
      skip("the site has to enrol first", Check.ADMISSION, Check.CLOCK);
    } else {
      admission(shaken.shown());
    }
  }

  private void admission(Optional<X509Certificate> shown) {
    Answer answer = AdmissionCall.ask(coordinator, tls, site, clock);
    told.accept(Check.ADMISSION, AdmissionCheck.of(answer, site));
    told.accept(
        Check.CLOCK,
        answer instanceof Admitted admitted
            ? ClockCheck.of(admitted)
            : shown
                .map(certificate -> ClockCheck.by(certificate, clock.instant()))
                .orElseGet(() -> Finding.skipped("the coordinator has to answer first")));
  }

  private Finding plainText() {
    return coordinator.loopback()
        ? Finding.skipped("plain text, which stays on this machine")
        : Finding.warning(
            "PLAIN TEXT: whoever is on the way can read and change all that is sent",
            "have the coordinator speak TLS, enrol, and remove plaintext: true");
  }

  private void skip(String why, Check... checks) {
    for (Check check : checks) {
      told.accept(check, Finding.skipped(why));
    }
  }
}

package io.neurograft.coordinator.rpc;

import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.neurograft.coordinator.conduct.Refusal;
import io.neurograft.coordinator.conduct.Refusal.Reason;
import io.neurograft.coordinator.store.IdentityTable.Shown;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Who makes a call. Only the connection says so, never a message. */
sealed interface Caller {
  /** Where {@link Admission} puts it. */
  Context.Key<Caller> KEY = Context.key("caller");

  /** How the audit log calls somebody who has shown no certificate that names anybody. */
  String STRANGER = "stranger";

  /** Somebody on a connection in plain text: believed to be whoever the messages say. */
  record Local() implements Caller {}

  /** Somebody who has shown no certificate. */
  record Stranger() implements Caller {}

  /**
   * Somebody who has shown a certificate of an authority that is trusted here.
   *
   * @param until when the certificate expires
   */
  record Certified(Shown shown, Instant until) implements Caller {
    Identity identity() {
      return shown.identity();
    }
  }

  /** Who makes the call that this thread works on. */
  static Caller current() {
    Caller caller = KEY.get();
    return caller == null ? new Stranger() : caller;
  }

  /** Who it is, for the audit log: a role and a name, where one is known. */
  default String who() {
    return this instanceof Certified certified
        ? certified.identity().toString()
        : this instanceof Local ? "local" : STRANGER;
  }

  /** Who makes a call, for the audit log, whether it is let in or not. */
  static String who(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return new Local().who();
    }
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate shown
          ? Identity.of(shown).map(Identity::toString).orElse(STRANGER)
          : STRANGER;
    } catch (SSLPeerUnverifiedException e) {
      return STRANGER;
    }
  }

  /** The site that calls, where what it sees is limited to its own. */
  default Optional<String> site() {
    return this instanceof Certified certified && certified.identity().role() == Role.SITE
        ? Optional.of(certified.identity().name())
        : Optional.empty();
  }

  /**
   * Makes sure that the caller may speak as a site.
   *
   * @throws Refusal DENIED if the certificate is another's
   */
  default void speaksAs(String site) {
    boolean may = this instanceof Local || site().filter(site::equals).isPresent();
    if (!may) {
      throw new Refusal(
          Reason.DENIED,
          "the certificate shown is not of site " + site + "; a site speaks for itself alone");
    }
  }
}

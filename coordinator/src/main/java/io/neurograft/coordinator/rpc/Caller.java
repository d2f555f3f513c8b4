package io.neurograft.coordinator.rpc;

import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.neurograft.coordinator.authority.Registrar;
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
  /** Where {@link Identification} puts it. */
  Context.Key<Caller> KEY = Context.key("caller");

  /** How the audit log calls somebody who has shown no certificate that names anybody. */
  String STRANGER = "stranger";

  /** Somebody on a connection in plain text: believed to be whoever the messages say. */
  record Local() implements Caller {}

  /**
   * Somebody who has shown no certificate that names anybody.
   *
   * @param network where it calls from
   * @param nameless whether a certificate was shown that names nobody
   */
  record Stranger(String network, boolean nameless) implements Caller {}

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
    return caller == null ? new Stranger("nowhere", false) : caller;
  }

  /** Who makes a call, by its connection, whether it is let in or not. */
  static Caller of(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session == null) {
      return new Local();
    }
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate shown
          ? of(shown, call)
          : new Stranger(Network.of(call), true);
    } catch (SSLPeerUnverifiedException e) {
      return new Stranger(Network.of(call), false);
    }
  }

  private static Caller of(X509Certificate shown, ServerCall<?, ?> call) {
    return Identity.of(shown)
        .<Caller>map(
            identity ->
                new Certified(Registrar.shown(shown, identity), shown.getNotAfter().toInstant()))
        .orElseGet(() -> new Stranger(Network.of(call), true));
  }

  /** Who it is, for the audit log: a role and a name, where one is known. */
  default String who() {
    return this instanceof Certified certified
        ? certified.identity().toString()
        : this instanceof Local ? "local" : STRANGER;
  }

  /** For whom it is counted what was asked: of strangers all of one network together. */
  default String account() {
    return this instanceof Stranger stranger ? STRANGER + " at " + stranger.network() : who();
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

package io.neurograft.coordinator.rpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.neurograft.coordinator.authority.Registrar;
import io.neurograft.coordinator.conduct.Refusal;
import io.neurograft.coordinator.conduct.Refusal.Reason;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.IdentityTable.Shown;
import io.neurograft.proto.identity.Identity;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets calls in: the one place that knows callers by their certificates and holds {@link Access}
 * against them. Whoever was revoked is let in no more, and has the calls under way ended.
 */
final class Admission implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  /** How long it is believed that a certificate was not revoked; by another coordinator, then. */
  private static final Duration BELIEF = Duration.ofSeconds(2);

  private final Optional<Registrar> registrar;
  private final Database database;
  private final Failures failures;
  private final InstantSource clock;
  private final LiveCalls live = new LiveCalls();

  /** When, in nanoseconds, a certificate was last seen not to be revoked, by its serial number. */
  private final Map<String, Long> good = new ConcurrentHashMap<>();

  /**
   * @param registrar knows what was revoked; empty where plain text is spoken
   */
  Admission(
      Optional<Registrar> registrar, Database database, Failures failures, InstantSource clock) {
    this.registrar = registrar;
    this.database = database;
    this.failures = failures;
    this.clock = clock;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    try {
      Caller caller = caller(call);
      admit(call.getMethodDescriptor().getFullMethodName(), caller);
      Context context = Context.current().withValue(Caller.KEY, caller);
      return caller instanceof Caller.Certified certified
          ? live.track(
              certified, call, tracked -> Contexts.interceptCall(context, tracked, headers, next))
          : Contexts.interceptCall(context, call, headers, next);
    } catch (RuntimeException e) {
      call.close(failures.status(e), new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }

  private Caller caller(ServerCall<?, ?> call) {
    if (registrar.isEmpty()) {
      return new Caller.Local();
    }
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      return session != null && session.getPeerCertificates()[0] instanceof X509Certificate shown
          ? certified(shown)
          : new Caller.Stranger();
    } catch (SSLPeerUnverifiedException e) {
      return new Caller.Stranger();
    }
  }

  private static Caller certified(X509Certificate certificate) {
    Identity identity =
        Identity.of(certificate)
            .orElseThrow(
                () ->
                    new Refusal(
                        Reason.UNKNOWN,
                        "the certificate shown names nobody; expected one URI such as"
                            + " neurograft://site/hospital-a among its alternative names"));
    return new Caller.Certified(
        Registrar.shown(certificate, identity), certificate.getNotAfter().toInstant());
  }

  private void admit(String method, Caller caller) {
    Access access =
        Access.of(method)
            .orElseThrow(() -> new Refusal(Reason.DENIED, "nobody may call " + method));
    if (access.anyone() || caller instanceof Caller.Local) {
      return;
    }
    if (!(caller instanceof Caller.Certified certified)) {
      throw new Refusal(
          Reason.UNKNOWN, "this call needs a certificate, and none was shown; enrol first");
    }
    if (!clock.instant().isBefore(certified.until())) {
      throw expired().asRuntimeException();
    }
    if (revoked(certified.shown())) {
      throw Registrar.revokedRefusal(certified.identity());
    }
    if (access == Access.UPLOAD_ARTIFACT && certified.site().filter(this::idle).isPresent()) {
      throw new Refusal(
          Reason.DENIED, certified.identity() + " has no task, so nothing is expected from it");
    }
    if (!access.admits(certified.identity().role())) {
      throw new Refusal(
          Reason.DENIED,
          "this call is for "
              + access.admitted()
              + "; the certificate shown is of "
              + certified.identity());
    }
  }

  /** It was good when the connection was made; there may be a newer one by now. */
  private static Status expired() {
    return Status.UNAVAILABLE.withDescription(
        "the certificate shown has expired meanwhile; connect again with a new one");
  }

  private boolean idle(String site) {
    return !database.<Boolean>read(tables -> tables.participation().working(site));
  }

  private boolean revoked(Shown shown) {
    long now = System.nanoTime();
    Long seen = good.get(shown.serial());
    if (seen != null && now - seen < BELIEF.toNanos()) {
      return false;
    }
    boolean revoked = registrar.orElseThrow().revoked(shown);
    if (!revoked) {
      good.put(shown.serial(), now);
    }
    return revoked;
  }

  /**
   * Ends the calls under way of those whose certificate has been revoked or has expired. To be
   * called often: another coordinator may have revoked it.
   */
  void sweep() {
    try {
      good.clear();
      for (Caller.Certified caller : live.callers()) {
        if (revoked(caller.shown())) {
          LOG.warn("the calls of {} are ended: it was revoked", caller.identity());
          live.end(caller, failures.status(Registrar.revokedRefusal(caller.identity())));
        } else if (!clock.instant().isBefore(caller.until())) {
          live.end(caller, expired());
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("cannot look for revoked certificates now: {}", e.getMessage());
    }
  }
}

package io.neurograft.coordinator.rpc;

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
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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

  /** How long a call of somebody without a certificate may take: enrolling takes less than one. */
  private static final Duration STRANGERS_CALL = Duration.ofSeconds(10);

  private final Optional<Registrar> registrar;
  private final Database database;
  private final Failures failures;
  private final InstantSource clock;
  private final LiveCalls live = new LiveCalls();

  /**
   * When, in nanoseconds, a certificate was last seen not to be revoked. It is replaced, not
   * cleared: what a call saw before a revocation must not come into what is believed after it.
   */
  private volatile Map<Shown, Long> good = new ConcurrentHashMap<>();

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
      Caller caller = Caller.current();
      // Tracked first: whoever is revoked from here on is found by the sweep that follows.
      return live.track(
          caller,
          call,
          tracked -> {
            admit(call.getMethodDescriptor().getFullMethodName(), caller);
            return next.startCall(tracked, headers);
          });
    } catch (RuntimeException e) {
      call.close(failures.status(e), new Metadata());
      return new ServerCall.Listener<>() {};
    }
  }

  private void admit(String method, Caller caller) {
    Access access =
        Access.of(method)
            .orElseThrow(() -> new Refusal(Reason.DENIED, "nobody may call " + method));
    // Whoever speaks plain text is nobody where certificates are shown.
    if (access.anyone() || (caller instanceof Caller.Local && registrar.isEmpty())) {
      return;
    }
    if (!(caller instanceof Caller.Certified certified)) {
      throw unknown(caller);
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

  private static Refusal unknown(Caller caller) {
    return new Refusal(
        Reason.UNKNOWN,
        caller instanceof Caller.Stranger stranger && stranger.nameless()
            ? "the certificate shown names nobody; expected one URI such as"
                + " neurograft://site/hospital-a among its alternative names"
            : "this call needs a certificate, and none was shown; enrol first");
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
    Map<Shown, Long> believed = good;
    Long seen = believed.get(shown);
    if (seen != null && now - seen < BELIEF.toNanos()) {
      return false;
    }
    boolean revoked = registrar.orElseThrow().revoked(shown);
    if (!revoked) {
      believed.put(shown, now);
    }
    return revoked;
  }

  /** Ends the calls under way of one that is cut off. */
  void end(String account, Status status) {
    live.end(caller -> caller.account().equals(account), Duration.ZERO, status);
  }

  /**
   * Ends the calls under way of those whose certificate has been revoked or has expired, and those
   * of strangers that take long. To be called often: another coordinator may have revoked it.
   */
  void sweep() {
    good = new ConcurrentHashMap<>();
    for (Caller caller : live.callers()) {
      if (caller instanceof Caller.Certified certified) {
        try {
          sweep(certified);
        } catch (RuntimeException e) {
          LOG.warn(
              "cannot tell now whether {} was revoked: {}", certified.identity(), e.getMessage());
        }
      }
    }
    live.end(
        Caller.Stranger.class::isInstance,
        STRANGERS_CALL,
        Status.DEADLINE_EXCEEDED.withDescription(
            "a call without a certificate may take " + STRANGERS_CALL.toSeconds() + " s"));
  }

  private void sweep(Caller.Certified caller) {
    if (!clock.instant().isBefore(caller.until())) {
      live.end(caller::equals, Duration.ZERO, expired());
    } else if (revoked(caller.shown())) {
      LOG.warn("the calls of {} are ended: it was revoked", caller.identity());
      live.end(
          caller::equals,
          Duration.ZERO,
          failures.status(Registrar.revokedRefusal(caller.identity())));
    }
  }
}

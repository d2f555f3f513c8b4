package io.neurograft.coordinator.rpc;

import io.grpc.Context;
import io.neurograft.coordinator.conduct.Refusal;
import io.neurograft.coordinator.conduct.Refusal.Reason;
import io.neurograft.coordinator.store.IdentityTable.Shown;
import io.neurograft.proto.identity.Identity;
import io.neurograft.proto.identity.Role;
import java.time.Instant;
import java.util.Optional;

/** Who makes a call. Only the connection says so, never a message. */
sealed interface Caller {
  /** Where {@link Admission} puts it. */
  Context.Key<Caller> KEY = Context.key("caller");

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

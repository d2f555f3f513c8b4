package io.neurograft.client.rpc;

import io.grpc.Status;
import io.neurograft.proto.text.OneLine;

/** What a failed call means, for people and for retries. */
final class Failures {
  private Failures() {}

  /** A status in one line: its code, what the other end said, and the root of it. */
  static String describe(Status status) {
    StringBuilder text = new StringBuilder(status.getCode().name());
    if (status.getDescription() != null) {
      text.append(": ").append(OneLine.of(status.getDescription().lines().findFirst().orElse("")));
    }
    Throwable cause = status.getCause();
    while (cause != null && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause != null && cause.getMessage() != null) {
      text.append(": ").append(OneLine.of(cause.getMessage()));
    }
    if (madeOfHttp(status)) {
      text.append("; no coordinator says that: a proxy or another program answers there");
    }
    return text.toString();
  }

  /**
   * Whether the same call can succeed later. INTERNAL and UNKNOWN may be cut connections. Whoever
   * is not admitted may be again: invited anew, and enrolled beside the node while it runs.
   */
  static boolean passing(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE,
          DEADLINE_EXCEEDED,
          RESOURCE_EXHAUSTED,
          CANCELLED,
          INTERNAL,
          UNKNOWN,
          UNAUTHENTICATED,
          PERMISSION_DENIED,
          UNIMPLEMENTED ->
          true;
      default -> false;
    };
  }

  /** What gRPC makes of the HTTP statuses 401, 403 and 404, and a coordinator never says. */
  private static boolean madeOfHttp(Status status) {
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED ->
          String.valueOf(status.getDescription()).startsWith("HTTP status code ");
      default -> false;
    };
  }
}

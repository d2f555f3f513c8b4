package io.neurograft.proto.transfer;

import io.grpc.Status;
import io.neurograft.proto.artifact.ArtifactException;

/** Says by which gRPC status a failed transfer is answered, and which answers a retry can mend. */
final class TransferStatus {
  private TransferStatus() {}

  /** The status for a failure on the serving side. */
  static Status of(Throwable failure) {
    if (failure instanceof ArtifactException refusal) {
      Status status =
          switch (refusal.reason()) {
            case BAD_CHUNK, BAD_SIZE -> Status.INVALID_ARGUMENT;
            case WRONG_DIGEST -> Status.DATA_LOSS;
            case BUSY -> Status.UNAVAILABLE;
            case NOT_FOUND -> Status.NOT_FOUND;
            case BEYOND_END -> Status.OUT_OF_RANGE;
            case NO_ROOM -> Status.RESOURCE_EXHAUSTED;
          };
      return status.withDescription(refusal.getMessage());
    }
    if (failure instanceof IllegalArgumentException) {
      return Status.INVALID_ARGUMENT.withDescription(failure.getMessage());
    }
    return Status.INTERNAL.withDescription("the transfer failed: " + failure).withCause(failure);
  }

  /**
   * Whether a transfer that ended so can succeed when it is tried again. INTERNAL and UNKNOWN are
   * among them because a connection that is cut shows in these ways as well; UNAUTHENTICATED,
   * PERMISSION_DENIED and UNIMPLEMENTED because they are what gRPC makes of the HTTP statuses 401,
   * 403 and 404, by which a proxy answers in the server's stead.
   */
  static boolean retryable(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE,
          DEADLINE_EXCEEDED,
          RESOURCE_EXHAUSTED,
          ABORTED,
          CANCELLED,
          INTERNAL,
          UNKNOWN,
          DATA_LOSS,
          UNAUTHENTICATED,
          PERMISSION_DENIED,
          UNIMPLEMENTED ->
          true;
      default -> false;
    };
  }
}

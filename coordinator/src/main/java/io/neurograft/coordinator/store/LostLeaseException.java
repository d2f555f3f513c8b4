package io.neurograft.coordinator.store;

/** Somebody acted on a lease that another coordinator has taken over; nothing was changed. */
public final class LostLeaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LostLeaseException(Lease lease) {
    super("another coordinator leads run " + lease.runId() + " now");
  }
}

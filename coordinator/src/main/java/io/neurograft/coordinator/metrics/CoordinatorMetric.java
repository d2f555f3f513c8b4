package io.neurograft.coordinator.metrics;

/**
 * Every metric of a coordinator. Prometheus shows the names with underscores and the unit at the
 * end, such as {@code neurograft_coordinator_transfer_bytes_total}.
 */
public enum CoordinatorMetric {
  /** Tasks that have ended; tags {@code kind}, {@code outcome}: done, failed, dropped. */
  TASKS("neurograft.coordinator.tasks", "Tasks that have ended"),
  /** Rounds that have ended with a quorum; tag {@code kind}: train, fine-tune. */
  ROUNDS("neurograft.coordinator.rounds", "Rounds that have ended with a quorum"),
  /** Members and fine-tuned models that did not pass the screening. */
  QUARANTINED(
      "neurograft.coordinator.quarantined",
      "Members and fine-tuned models that did not pass the screening"),
  /** Bytes of artifacts; tag {@code direction}: sent, received. */
  TRANSFER("neurograft.coordinator.transfer", "Bytes of artifacts that were sent or received"),
  /** Bytes of artifacts that nobody needed any more. */
  COLLECTED("neurograft.coordinator.collected", "Bytes of artifacts that were collected"),
  /** Time of fusion jobs; tag {@code phase}: those of the fusion, evaluate, average. */
  FUSION_TIME("neurograft.coordinator.fusion.time", "Time spent in each phase of fusion jobs"),
  /** Sites that are attached now. */
  SITES_ATTACHED("neurograft.coordinator.sites.attached", "Sites that are attached now"),
  /** Runs; tag {@code state}. */
  RUNS("neurograft.coordinator.runs", "Runs by state"),
  /** Calls that have ended; tags {@code method}, {@code status}: the word of the gRPC status. */
  CALLS("neurograft.coordinator.calls", "Calls that have ended, by status"),
  /** Calls that failed through a fault of this program; each is in the log. */
  INTERNAL_ERRORS("neurograft.coordinator.internal.errors", "Calls that failed by our own fault"),
  /** Lines that the audit log lacks since they could not be written. */
  AUDIT_LOST("neurograft.coordinator.audit.lost", "Lines that the audit log lacks");

  private final String metricName;
  private final String description;

  CoordinatorMetric(String metricName, String description) {
    this.metricName = metricName;
    this.description = description;
  }

  /** The name, with dots. */
  public String metricName() {
    return metricName;
  }

  /** What is counted, in a few words. */
  public String description() {
    return description;
  }
}

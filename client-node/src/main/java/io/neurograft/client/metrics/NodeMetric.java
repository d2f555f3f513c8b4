package io.neurograft.client.metrics;

/**
 * Every metric of a node. Prometheus shows the names with underscores and the unit at the end, such
 * as {@code neurograft_node_transfer_bytes_total}.
 */
public enum NodeMetric {
  /** Tasks that have ended; tags {@code kind}, {@code outcome}. */
  TASKS("neurograft.node.tasks", "Tasks that have ended"),
  /** How long tasks took, transfers included; tag {@code kind}. */
  TASK_TIME("neurograft.node.task.time", "How long tasks took, transfers included"),
  /** Bytes of artifacts; tag {@code direction}: sent, received. */
  TRANSFER("neurograft.node.transfer", "Bytes of artifacts that were sent or received"),
  /** 1 while the coordinator has welcomed this site, else 0. */
  ATTACHED("neurograft.node.attached", "Whether this site is attached to its coordinator"),
  /** Attempts to attach that failed, and sessions that broke. */
  SESSION_FAILURES("neurograft.node.session.failures", "Sessions that failed or broke"),
  /** Training examples that this site holds. */
  TRAINING_EXAMPLES("neurograft.node.training.examples", "Training examples of this site"),
  /** Accuracy of the last model evaluated on the examples held back; tag {@code kind}. */
  ACCURACY("neurograft.node.accuracy", "Accuracy of the last model on the examples held back"),
  /** Lines that the audit log lacks since they could not be written. */
  AUDIT_LOST("neurograft.node.audit.lost", "Lines that the audit log lacks");

  private final String metricName;
  private final String description;

  NodeMetric(String metricName, String description) {
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

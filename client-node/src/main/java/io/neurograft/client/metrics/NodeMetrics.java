package io.neurograft.client.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.neurograft.proto.transfer.TransferMeter;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The metrics of one node; for use by all its threads. */
public final class NodeMetrics implements TransferMeter {
  private final MeterRegistry registry;
  private final Counter sent;
  private final Counter received;
  private final Counter sessionFailures;
  private final Counter auditLost;
  private final AtomicInteger attached = new AtomicInteger();
  private final Map<String, Double> accuracies = new ConcurrentHashMap<>();

  /** Metrics in a registry of the node's own. */
  public NodeMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.sent = transferred("sent");
    this.received = transferred("received");
    this.sessionFailures =
        Counter.builder(NodeMetric.SESSION_FAILURES.metricName())
            .description(NodeMetric.SESSION_FAILURES.description())
            .register(registry);
    this.auditLost =
        Counter.builder(NodeMetric.AUDIT_LOST.metricName())
            .description(NodeMetric.AUDIT_LOST.description())
            .register(registry);
    gauge(NodeMetric.ATTACHED, attached::get).register(registry);
  }

  @Override
  public void received(int bytes) {
    received.increment(bytes);
  }

  @Override
  public void sent(int bytes) {
    sent.increment(bytes);
  }

  /** Notes whether the site is attached. */
  public void attached(boolean now) {
    attached.set(now ? 1 : 0);
  }

  /** Counts a session that failed or broke. */
  public void sessionFailed() {
    sessionFailures.increment();
  }

  /** Counts a line that the audit log lacks. */
  public void auditLost() {
    auditLost.increment();
  }

  /** Notes how many training examples the site holds. */
  public void trainingExamples(long count) {
    gauge(NodeMetric.TRAINING_EXAMPLES, () -> count).register(registry);
  }

  /** Counts a task that has ended: done, failed or dropped. */
  public void taskEnded(String kind, String outcome, Duration time) {
    Counter.builder(NodeMetric.TASKS.metricName())
        .description(NodeMetric.TASKS.description())
        .tags("kind", kind, "outcome", outcome)
        .register(registry)
        .increment();
    Timer.builder(NodeMetric.TASK_TIME.metricName())
        .description(NodeMetric.TASK_TIME.description())
        .tags("kind", kind)
        .register(registry)
        .record(time);
  }

  /** Notes how a model did on the examples held back, from 0 to 1. */
  public void accuracy(String kind, double accuracy) {
    if (accuracies.put(kind, accuracy) == null) {
      gauge(NodeMetric.ACCURACY, () -> accuracies.getOrDefault(kind, 0.0))
          .tags("kind", kind)
          .register(registry);
    }
  }

  private Counter transferred(String direction) {
    return Counter.builder(NodeMetric.TRANSFER.metricName())
        .description(NodeMetric.TRANSFER.description())
        .baseUnit("bytes")
        .tags("direction", direction)
        .register(registry);
  }

  private static Gauge.Builder<?> gauge(
      NodeMetric metric, java.util.function.Supplier<Number> value) {
    return Gauge.builder(metric.metricName(), value)
        .description(metric.description())
        .strongReference(true);
  }
}

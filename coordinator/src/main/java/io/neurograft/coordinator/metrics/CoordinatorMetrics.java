package io.neurograft.coordinator.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.neurograft.proto.transfer.TransferMeter;
import java.time.Duration;
import java.util.function.Supplier;

/** The metrics of one coordinator; for use by all its threads. */
public final class CoordinatorMetrics implements TransferMeter {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter sent = transferred("sent");
  private final Counter received = transferred("received");
  private final Counter collected =
      Counter.builder(CoordinatorMetric.COLLECTED.metricName())
          .description(CoordinatorMetric.COLLECTED.description())
          .baseUnit("bytes")
          .register(registry);
  private final Counter quarantined = counter(CoordinatorMetric.QUARANTINED);
  private final Counter internalErrors = counter(CoordinatorMetric.INTERNAL_ERRORS);
  private final Counter auditLost = counter(CoordinatorMetric.AUDIT_LOST);

  @Override
  public void received(int bytes) {
    received.increment(bytes);
  }

  @Override
  public void sent(int bytes) {
    sent.increment(bytes);
  }

  /** Counts the bytes of artifacts that were collected. */
  public void collected(long bytes) {
    collected.increment((double) bytes);
  }

  /** Counts a task that has ended. */
  public void taskEnded(String kind, String outcome) {
    counter(CoordinatorMetric.TASKS, "kind", kind, "outcome", outcome).increment();
  }

  /** Counts a round that has ended with a quorum. */
  public void roundEnded(String kind) {
    counter(CoordinatorMetric.ROUNDS, "kind", kind).increment();
  }

  /** Counts what did not pass the screening. */
  public void quarantined() {
    quarantined.increment();
  }

  /** Adds the time of a phase of a fusion job. */
  public void phaseEnded(String phase, Duration time) {
    Timer.builder(CoordinatorMetric.FUSION_TIME.metricName())
        .description(CoordinatorMetric.FUSION_TIME.description())
        .tags("phase", phase)
        .register(registry)
        .record(time);
  }

  /** Counts a call that has ended. */
  public void callEnded(String method, String status) {
    counter(CoordinatorMetric.CALLS, "method", method, "status", status).increment();
  }

  /** Counts a call that failed through a fault of this program. */
  public void internalError() {
    internalErrors.increment();
  }

  /** Counts a line that the audit log lacks. */
  public void auditLost() {
    auditLost.increment();
  }

  /** Asks for the number of attached sites whenever the metrics are read. */
  public void sitesAttached(Supplier<Number> count) {
    gauge(CoordinatorMetric.SITES_ATTACHED, count);
  }

  /** Asks for the number of runs in a state whenever the metrics are read. */
  public void runs(String state, Supplier<Number> count) {
    gauge(CoordinatorMetric.RUNS, count, "state", state);
  }

  /** All metrics in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  private void gauge(CoordinatorMetric metric, Supplier<Number> value, String... tags) {
    Gauge.builder(metric.metricName(), value)
        .description(metric.description())
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private Counter counter(CoordinatorMetric metric, String... tags) {
    return Counter.builder(metric.metricName())
        .description(metric.description())
        .tags(tags)
        .register(registry);
  }

  private Counter transferred(String direction) {
    return Counter.builder(CoordinatorMetric.TRANSFER.metricName())
        .description(CoordinatorMetric.TRANSFER.description())
        .baseUnit("bytes")
        .tags("direction", direction)
        .register(registry);
  }
}

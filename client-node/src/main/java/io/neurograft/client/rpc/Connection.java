package io.neurograft.client.rpc;

import io.grpc.ManagedChannel;
import io.neurograft.client.metrics.NodeMetrics;
import io.neurograft.client.retry.Retry;
import io.neurograft.client.task.TaskReporter;
import io.neurograft.client.transfer.ArtifactSource;
import io.neurograft.client.transfer.Transfers;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.channel.ChannelSettingsException;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A site's connection to its coordinator. It dials when it is needed, and again when it broke. */
public final class Connection implements AutoCloseable {
  private static final long CLOSE_SECONDS = 5;

  private final Endpoint coordinator;
  private final String site;
  private final ManagedChannel channel;
  private final Retry.Policy retries;

  private Connection(
      Endpoint coordinator, String site, ManagedChannel channel, Retry.Policy retries) {
    this.coordinator = coordinator;
    this.site = site;
    this.channel = channel;
    this.retries = retries;
  }

  /**
   * Prepares a connection; nothing is dialled yet.
   *
   * @throws InvalidInputException if a certificate or key cannot be used
   */
  public static Connection to(
      Endpoint coordinator, Optional<TlsSettings> tls, String site, Retry.Policy retries) {
    try {
      return new Connection(coordinator, site, Channels.client(coordinator, tls).build(), retries);
    } catch (ChannelSettingsException e) {
      throw new InvalidInputException("tls", e.getMessage());
    }
  }

  /** Transfers between a folder and the coordinator. */
  public ArtifactSource transfers(ArtifactFolder folder, NodeMetrics metrics) {
    return new Transfers(channel, folder, metrics, retries);
  }

  /** Reports on the site's tasks. */
  public TaskReporter reporter() {
    return new ReportingStub(channel, site, retries);
  }

  /** A session that brings tasks, not yet started. */
  public Session session(SiteDescription description, TaskListener tasks, NodeMetrics metrics) {
    return new Session(channel, coordinator, description.request(site), tasks, metrics, retries);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.neurograft.client.rpc;

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
import io.neurograft.proto.identity.IdentityFolder;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A site's connection to its coordinator. It dials when it is needed, and again when it broke. */
public final class Connection implements AutoCloseable {
  private final String site;
  private final Dialer channel;
  private final Retry.Policy retries;

  private Connection(String site, Dialer channel, Retry.Policy retries) {
    this.site = site;
    this.channel = channel;
    this.retries = retries;
  }

  /**
   * Prepares a connection; nothing is dialled yet.
   *
   * @param coordinators the coordinator's addresses, tried in turn; at least one
   * @param keepalive how often a silent connection is probed
   * @throws InvalidInputException if a certificate or key cannot be used
   */
  public static Connection to(
      List<Endpoint> coordinators,
      Optional<TlsSettings> tls,
      Duration keepalive,
      String site,
      Retry.Policy retries) {
    try {
      Dialer dialer =
          new Dialer(
              coordinators, to -> Channels.client(to, tls, keepalive).build(), System::nanoTime);
      return new Connection(site, dialer, retries);
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
    return new Session(channel, site, description, tasks, metrics, retries);
  }

  /** Renews the certificate by which this connection calls, as long as it is not closed. */
  public Renewal renewal(IdentityFolder identity, SecureRandom random, InstantSource clock) {
    return new Renewal(channel, identity, random, clock);
  }

  @Override
  public void close() {
    channel.close();
  }
}

package io.neurograft.client;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.neurograft.client.config.NodeConfig;
import io.neurograft.client.guard.Gatekeeper;
import io.neurograft.client.metrics.MetricsServer;
import io.neurograft.client.metrics.NodeMetrics;
import io.neurograft.client.retry.Retry;
import io.neurograft.client.rpc.Connection;
import io.neurograft.client.rpc.Session;
import io.neurograft.client.rpc.SiteDescription;
import io.neurograft.client.rpc.TaskListener;
import io.neurograft.client.task.Deviation;
import io.neurograft.client.task.RunKeys;
import io.neurograft.client.task.SiteData;
import io.neurograft.client.task.SiteTask;
import io.neurograft.client.task.Storing;
import io.neurograft.client.task.TaskRunner;
import io.neurograft.client.task.TaskStore;
import io.neurograft.client.task.Workbench;
import io.neurograft.neural.config.FolderLock;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.config.IoWords;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.proto.artifact.ArtifactFolder;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.artifact.DurableFiles;
import io.neurograft.proto.audit.AuditFiles;
import io.neurograft.proto.audit.AuditLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A site's agent. It holds the site's data, attaches to the coordinator, and does what that asks
 * for: trains, scores, answers questions, evaluates, keeps models. What leaves the site are counts,
 * figures, weights, scores and sums over examples, never an example.
 *
 * <p>Its folder holds {@code artifacts/} (weights, scores and questions, by digest), {@code tasks/}
 * (what came of each task), {@code keys/} (for masks, by run), {@code models/} (published models,
 * by run), {@code ledger.jsonl}, which the site's guards write, and {@code audit/}. A node that is
 * started again in the same folder goes on where it was.
 */
public final class Node implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  /** How often a task is reported on; a lease is several times as long. */
  private static final Duration RENEWAL = Duration.ofSeconds(2);

  // Closed in the opposite order.
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final String site;
  private final Session session;
  private final Optional<MetricsServer> metricsServer;
  private boolean started;

  private Node(NodeConfig config, Clock clock, Deviation deviation) throws IOException {
    site = config.site();
    try {
      Compute.start(config.threads(), config.device());
      // Before the folder is touched: a port that is taken leaves nothing behind.
      PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      metricsServer = config.metrics().map(at -> open(MetricsServer.start(at, registry)));
      open(FolderLock.take(config.folder(), "node"));
      NodeMetrics metrics = new NodeMetrics(registry);
      SiteData data = deviation.data(SiteData.open(config.data()));
      metrics.trainingExamples(data.training().size());
      Retry.Policy retries = Retry.Policy.standard(chance(config.site()), clock);
      Connection connection =
          open(
              Connection.to(
                  config.coordinators(),
                  SiteIdentity.tls(config),
                  config.keepalive(),
                  config.site(),
                  retries));
      SiteIdentity.renewable(config)
          .ifPresent(identity -> open(connection.renewal(identity, new SecureRandom(), clock)));
      AuditLog log =
          open(
              AuditLog.open(
                  AuditFiles.folder(config.folder()),
                  AuditLog.ROLLOVER,
                  clock,
                  metrics::auditLost));
      NodeAudit audit = open(NodeAudit.start(log, config.site(), version()));
      TaskRunner runner = open(runner(config, data, connection, metrics, retries, log, deviation));
      if (!runner.runs().isEmpty()) {
        LOG.info(
            "goes on in {}: results and begun transfers of {} are kept",
            config.folder(),
            runner.runs());
      }
      session = open(connection.session(describe(data), listener(runner, audit), metrics));
      session.start();
      started = true;
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts a node: reads its data, then attaches in the background, however long that takes.
   *
   * @throws InvalidInputException if the configuration cannot be used: data that cannot be read, a
   *     folder that another node uses, a certificate that is missing, a port that is taken
   */
  public static Node start(NodeConfig config) {
    return start(config, Clock.system(ZoneId.systemDefault()));
  }

  /**
   * Starts a node by another clock than the machine's: what its logs and its audit tell the time
   * by.
   *
   * @throws InvalidInputException if the configuration cannot be used
   */
  public static Node start(NodeConfig config, Clock clock) {
    return start(config, clock, Deviation.NONE);
  }

  /**
   * Starts a node that does otherwise than it should, for an experiment with hostile sites.
   *
   * @throws InvalidInputException if the configuration cannot be used
   */
  public static Node start(NodeConfig config, Clock clock, Deviation deviation) {
    try {
      return new Node(config, clock, deviation);
    } catch (IOException e) {
      throw new InvalidInputException(
          "folder " + config.folder(), "cannot be used: " + IoWords.of(e));
    }
  }

  /** The port of {@code /metrics}, where it is served. */
  public OptionalInt metricsPort() {
    return metricsServer.map(server -> OptionalInt.of(server.port())).orElse(OptionalInt.empty());
  }

  /**
   * Completes when the node was closed; fails with a {@link
   * io.neurograft.client.rpc.SessionRefusedException} when the coordinator refuses this site.
   */
  public CompletableFuture<Void> ended() {
    return session.ended();
  }

  /** Leaves the session and stops what is running; a task that was not done is done next time. */
  @Override
  public synchronized void close() {
    if (started && !parts.isEmpty()) {
      LOG.info("node {} stops", site);
    }
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("cannot close {}", part, e);
      }
    }
  }

  private synchronized <T extends AutoCloseable> T open(T part) {
    parts.push(part);
    return part;
  }

  private static TaskRunner runner(
      NodeConfig config,
      SiteData data,
      Connection connection,
      NodeMetrics metrics,
      Retry.Policy retries,
      AuditLog log,
      Deviation deviation)
      throws IOException {
    Path folder = config.folder();
    Path models = Files.createDirectories(folder.resolve("models"));
    DurableFiles.clear(models);
    ArtifactFolder artifacts =
        ArtifactFolder.open(
            folder.resolve("artifacts"), ArtifactFolder.DEFAULT_MAX_BYTES, config.minimumFree());
    Workbench bench =
        new Workbench(
            data,
            config.member(),
            artifacts,
            connection.transfers(artifacts, metrics),
            models,
            new Storing(retries),
            RunKeys.open(config.site(), folder.resolve("keys")),
            Gatekeeper.open(config.site(), config.guards(), folder, log, new SecureRandom()),
            config.keptMemory(),
            deviation);
    return new TaskRunner(
        config.site(),
        bench,
        TaskStore.open(folder.resolve("tasks")),
        NodeAudit.reporting(log, config.site(), connection.reporter()),
        metrics,
        RENEWAL,
        System::nanoTime);
  }

  /** Chance of a site's own: names that are nearly alike would give nearly the same waits. */
  private static Random chance(String site) {
    String digest = Digest.of(site.getBytes(StandardCharsets.UTF_8)).hex();
    return new Random(Long.parseUnsignedLong(digest.substring(0, 16), 16));
  }

  private static SiteDescription describe(SiteData data) {
    return new SiteDescription(
        data.training().shape(),
        Arrays.stream(data.training().classCounts()).boxed().toList(),
        data.heldBack().size(),
        version());
  }

  private static String version() {
    String version = Node.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private static TaskListener listener(TaskRunner runner, NodeAudit audit) {
    return new TaskListener() {
      @Override
      public void offer(SiteTask task) {
        audit.taken(task);
        runner.offer(task);
      }

      @Override
      public void refuse(String taskId, String message) {
        runner.refuse(taskId, message);
      }

      @Override
      public List<String> runs() {
        return runner.runs();
      }

      @Override
      public void over(String runId) {
        runner.over(runId);
      }

      @Override
      public void revoke(String taskId, String reason) {
        runner.revoke(taskId, reason);
      }
    };
  }
}

package io.neurograft.coordinator;

import io.neurograft.coordinator.artifact.ArtifactCollector;
import io.neurograft.coordinator.artifact.ArtifactSettings;
import io.neurograft.coordinator.artifact.ArtifactStore;
import io.neurograft.coordinator.artifact.Bucket;
import io.neurograft.coordinator.artifact.BucketSettings;
import io.neurograft.coordinator.artifact.UploadQuota;
import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.authority.Authorities;
import io.neurograft.coordinator.authority.Registrar;
import io.neurograft.coordinator.authority.ServerCertificate;
import io.neurograft.coordinator.authority.ServerTls;
import io.neurograft.coordinator.conduct.AttachedSites;
import io.neurograft.coordinator.conduct.Conductor;
import io.neurograft.coordinator.conduct.Leadership;
import io.neurograft.coordinator.conduct.Pulse;
import io.neurograft.coordinator.conduct.RunDesk;
import io.neurograft.coordinator.conduct.RunWatchers;
import io.neurograft.coordinator.conduct.TaskDesk;
import io.neurograft.coordinator.conduct.Versions;
import io.neurograft.coordinator.fuse.FusionWorker;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.rpc.CoordinatorServer;
import io.neurograft.coordinator.run.RunState;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.NativeLibrary;
import io.neurograft.coordinator.web.WebServer;
import io.neurograft.neural.config.ConfigNode;
import io.neurograft.neural.config.FolderLock;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.tensor.Compute;
import io.neurograft.proto.audit.Act;
import io.neurograft.proto.audit.Deed;
import io.neurograft.proto.channel.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running coordinator. It goes on with the runs it finds in its folder, whatever ended the one
 * before it.
 */
public final class Coordinator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
  private static final Duration TICK = Duration.ofMillis(500);

  /** What is closed when the coordinator stops; the last opened first. */
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private final CountDownLatch closed = new CountDownLatch(1);
  private int port;
  private Optional<WebServer> web = Optional.empty();

  private Coordinator() {}

  /**
   * Starts a coordinator; it accepts sites when this returns.
   *
   * @throws InvalidInputException if the folder, a port or a certificate cannot be used
   */
  public static Coordinator start(CoordinatorConfig config) {
    return start(config, InstantSource.system());
  }

  /**
   * Starts a coordinator by another wall clock than the machine's.
   *
   * @throws InvalidInputException if the folder, a port or a certificate cannot be used
   */
  public static Coordinator start(CoordinatorConfig config, InstantSource wall) {
    Coordinator coordinator = new Coordinator();
    try {
      coordinator.open(config, wall);
      return coordinator;
    } catch (RuntimeException e) {
      coordinator.close();
      throw e;
    }
  }

  private void open(CoordinatorConfig config, InstantSource wall) {
    requireFree("listen", config.listen());
    config.metrics().ifPresent(at -> requireFree("metrics", at));
    Compute.start(config.threads(), config.device());
    parts.push(FolderLock.take(config.folder(), "coordinator"));
    SteadyClock steady = new SteadyClock(wall, System::nanoTime);
    Database database =
        config.database().map(Database::open).orElseGet(() -> sqlite(config.folder(), steady));
    parts.push(database);
    Optional<Bucket> bucket = config.artifacts().bucket().map(Bucket::open);
    bucket.ifPresent(parts::push);
    String name = UUID.randomUUID().toString();
    ArtifactStore artifacts =
        ArtifactStore.open(
            config.folder().resolve("artifacts"),
            new ArtifactStore.Limits(
                config.largestArtifact(),
                config.minimumFree(),
                config.artifacts().bucket().map(BucketSettings::cacheBytes).orElse(Long.MAX_VALUE)),
            bucket,
            name,
            database,
            wall);
    InstantSource clock =
        database.shared() ? new SteadyClock(common(database, wall), System::nanoTime) : steady;
    CoordinatorMetrics metrics = new CoordinatorMetrics();
    Journal journal = Journal.open(config.folder(), clock, metrics::auditLost);
    parts.push(journal);
    journal.note(Deed.of("coordinator", Act.PROGRAM_STARTED).about("version", Versions.software()));
    parts.push(() -> journal.note(Deed.of("coordinator", Act.PROGRAM_STOPPED)));
    AttachedSites sites = new AttachedSites();
    metrics.sitesAttached(sites::size);
    for (RunState state : RunState.values()) {
      metrics.runs(
          ConfigNode.word(state), () -> database.<Long>read(tables -> tables.runs().count(state)));
    }
    RunWatchers watchers = new RunWatchers();
    FusionWorker worker = new FusionWorker(database, artifacts, clock, metrics, journal);
    parts.push(worker);
    ArtifactCollector collector =
        new ArtifactCollector(
            artifacts,
            config.artifacts().unreferencedAfter(),
            metrics,
            SteadyClock.earlier(wall, clock));
    parts.push(collector);
    Leadership leadership =
        new Leadership(
            database,
            name,
            config.artifacts().bucket().map(BucketSettings::toString).orElse(""),
            config.takeover());
    Pulse pulse = new Pulse(database, config.lease());
    Conductor conductor =
        new Conductor(
            database,
            sites,
            leadership,
            pulse,
            worker,
            watchers,
            metrics,
            journal,
            clock,
            config.lease());
    parts.push(conductor);
    TaskDesk tasks =
        new TaskDesk(
            database,
            artifacts,
            conductor,
            pulse,
            watchers,
            metrics,
            journal,
            clock,
            config.lease());
    RunDesk runs = new RunDesk(database, conductor, worker, clock, journal);
    conductor.lead();
    web = config.metrics().map(endpoint -> WebServer.start(endpoint, metrics, runs));
    web.ifPresent(parts::push);
    CoordinatorServer server =
        CoordinatorServer.start(
            config.listen(),
            new CoordinatorServer.Parts(
                database,
                artifacts,
                quota(config, database),
                conductor,
                tasks,
                runs,
                watchers,
                metrics,
                journal,
                clock,
                config.heartbeat(),
                config.tls().map(tls -> security(tls, config.folder(), database, clock, journal))));
    parts.push(server);
    port = server.port();
    conductor.start(TICK);
    warnOfPlainText(config);
    collector.start();
    LOG.info(
        "coordinator listens on {}, port {}, {}, folder {}",
        config.listen().host(),
        port,
        config.tls().isPresent() ? "with TLS" : "in plain text",
        config.folder());
  }

  private static CoordinatorServer.Security security(
      ServerTls tls, Path folder, Database database, InstantSource clock, Journal journal) {
    SecureRandom random = new SecureRandom();
    Authorities authorities = Authorities.open(tls, folder, clock.instant(), random);
    return new CoordinatorServer.Security(
        ServerCertificate.open(tls, authorities, folder, clock.instant(), random),
        new Registrar(database, authorities, tls.lifetime(), clock, random, journal));
  }

  private static UploadQuota quota(CoordinatorConfig config, Database database) {
    ArtifactSettings settings = config.artifacts();
    long bytes = settings.unreported().orElseGet(() -> UploadQuota.byDefault(config.folder()));
    return new UploadQuota(database, bytes, settings.unreferencedAfter());
  }

  /** Whoever reaches a coordinator in plain text is believed whatever he says, so it is shouted. */
  private static void warnOfPlainText(CoordinatorConfig config) {
    if (config.tls().isEmpty() && !config.listen().loopback()) {
      LOG.warn(
          "PLAIN TEXT on {}: whoever reaches this port can read all that is sent, pose as any site"
              + " and as the operator; remove plaintext: true from the configuration",
          config.listen());
    }
  }

  private Database sqlite(Path folder, InstantSource clock) {
    Path library = folder.resolve("native");
    NativeLibrary.unpackIn(library);
    parts.push(() -> NativeLibrary.clear(library));
    return Database.open(folder.resolve("coordinator.db"), clock);
  }

  /**
   * Coordinators that share a database start by its clock, whatever their machines say. What they
   * compare with each other they ask the database for.
   */
  private static InstantSource common(Database database, InstantSource wall) {
    Duration ahead = Duration.between(wall.instant(), database.now());
    return () -> wall.instant().plus(ahead);
  }

  /** Asked before the folder is touched, so that a wrong port leaves nothing behind. */
  private static void requireFree(String key, Endpoint listen) {
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(listen.host(), listen.port()));
    } catch (IOException e) {
      throw new InvalidInputException(
          key + " " + listen,
          "cannot listen there (" + e.getMessage() + "); choose another port or stop what uses it");
    }
  }

  /** The port on which sites and operators connect. */
  public int port() {
    return port;
  }

  /** The port of the status page and of {@code /metrics}, where they are served. */
  public Optional<Integer> metricsPort() {
    return web.map(WebServer::port);
  }

  /** Waits until the coordinator was closed. */
  public void awaitClose() throws InterruptedException {
    closed.await();
  }

  /** Stops; runs stay as they are and go on at the next start. */
  @Override
  public synchronized void close() {
    if (!parts.isEmpty() && port > 0) {
      LOG.info("the coordinator on port {} stops; its runs go on at the next start", port);
    }
    while (!parts.isEmpty()) {
      AutoCloseable part = parts.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.warn("{} did not close cleanly", part.getClass().getSimpleName(), e);
      }
    }
    closed.countDown();
  }
}

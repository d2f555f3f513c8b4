package io.neurograft.coordinator.rpc;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.neurograft.coordinator.artifact.ArtifactStore;
import io.neurograft.coordinator.artifact.UploadQuota;
import io.neurograft.coordinator.audit.Journal;
import io.neurograft.coordinator.audit.Refusals;
import io.neurograft.coordinator.authority.Registrar;
import io.neurograft.coordinator.authority.ServerCertificate;
import io.neurograft.coordinator.conduct.Conductor;
import io.neurograft.coordinator.conduct.RunDesk;
import io.neurograft.coordinator.conduct.RunWatchers;
import io.neurograft.coordinator.conduct.TaskDesk;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.store.Database;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.ChannelSettingsException;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.transfer.ArtifactEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The coordinator's server: all services on one port. */
public final class CoordinatorServer implements AutoCloseable {
  private static final long STOP_SECONDS = 5;

  /** How soon a coordinator ends the calls of those whom another one has revoked. */
  private static final long SWEEP_SECONDS = 2;

  private final Server server;
  private final SessionEndpoint sessions;
  private final OperatorEndpoint operators;
  private final HealthStatusManager health;
  private final CallThreads threads;

  private CoordinatorServer(
      Server server,
      SessionEndpoint sessions,
      OperatorEndpoint operators,
      HealthStatusManager health,
      CallThreads threads) {
    this.server = server;
    this.sessions = sessions;
    this.operators = operators;
    this.health = health;
    this.threads = threads;
  }

  /** What the services stand on. */
  public record Parts(
      Database database,
      ArtifactStore artifacts,
      UploadQuota quota,
      Conductor conductor,
      TaskDesk tasks,
      RunDesk runs,
      RunWatchers watchers,
      CoordinatorMetrics metrics,
      Journal journal,
      InstantSource clock,
      Duration heartbeat,
      Optional<Security> security) {}

  /** What a server with TLS stands on besides. */
  public record Security(ServerCertificate certificate, Registrar registrar) {}

  /**
   * Starts to listen.
   *
   * @param listen port 0 takes any free one
   * @throws InvalidInputException if the address cannot be bound or a certificate cannot be used
   */
  public static CoordinatorServer start(Endpoint listen, Parts parts) {
    CallThreads threads = CallThreads.open(parts.artifacts().hasBucket());
    try {
      return start(listen, parts, threads);
    } catch (ChannelSettingsException e) {
      threads.close();
      throw new InvalidInputException("listen " + listen, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      threads.close();
      throw new InvalidInputException(
          "listen " + listen,
          "cannot listen there ("
              + Channels.why(e)
              + "); choose another port or stop what uses it");
    }
  }

  private static CoordinatorServer start(Endpoint listen, Parts parts, CallThreads threads)
      throws IOException {
    Optional<Registrar> registrar = parts.security().map(Security::registrar);
    Refusals refusals = new Refusals(parts.journal(), System::nanoTime);
    Failures failures = new Failures(parts.metrics(), refusals);
    Admission admission = new Admission(registrar, parts.database(), failures, parts.clock());
    SessionEndpoint sessions =
        new SessionEndpoint(
            parts.conductor(),
            parts.tasks(),
            failures,
            threads.intake(),
            parts.journal(),
            parts.clock(),
            parts.heartbeat());
    OperatorEndpoint operators =
        new OperatorEndpoint(
            parts.runs(), parts.watchers(), failures, threads.timer(), registrar, admission::sweep);
    HealthStatusManager health = new HealthStatusManager();
    StoredCatalog catalog =
        new StoredCatalog(parts.artifacts(), parts.quota(), parts.database(), parts.journal());
    Pace pace =
        new Pace(
            threads.guard(),
            System::nanoTime,
            (account, status) -> {
              refusals.refused(account, "any", String.valueOf(status.getDescription()));
              admission.end(account, status);
            });
    ServerBuilder<?> builder =
        Channels.server(listen, parts.security().map(has -> has.certificate().settings()))
            .executor(threads.calls())
            .callExecutor(new TransferThreads(threads))
            .intercept(admission);
    if (registrar.isPresent()) {
      builder.intercept(pace); // without certificates it would take all callers for one
    }
    Server server =
        builder
            .intercept(failures)
            .intercept(new Identification()) // the last is the first to see a call
            .addService(new EnrolmentEndpoint(registrar))
            .addService(sessions)
            .addService(new ArtifactEndpoint(parts.artifacts().folder(), catalog, parts.metrics()))
            .addService(operators)
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build()
            .start();
    for (var service : server.getServices()) {
      health.setStatus(service.getServiceDescriptor().getName(), ServingStatus.SERVING);
    }
    parts.security().ifPresent(has -> watch(has, admission, parts.clock(), threads));
    var unusedRefusals =
        threads
            .guard()
            .scheduleWithFixedDelay(
                () -> {
                  refusals.sweep();
                  pace.sweep();
                },
                SWEEP_SECONDS,
                SWEEP_SECONDS,
                SECONDS);
    long beat = parts.heartbeat().toMillis();
    var unused =
        threads.heart().scheduleWithFixedDelay(sessions::beat, beat, beat, TimeUnit.MILLISECONDS);
    return new CoordinatorServer(server, sessions, operators, health, threads);
  }

  private static void watch(
      Security security, Admission admission, InstantSource clock, CallThreads threads) {
    var unusedSweep =
        threads
            .guard()
            .scheduleWithFixedDelay(admission::sweep, SWEEP_SECONDS, SWEEP_SECONDS, SECONDS);
    var unusedRenewal =
        threads
            .timer()
            .scheduleWithFixedDelay(
                () -> security.certificate().renew(clock.instant()), 1, 1, SECONDS);
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** Ends all sessions and calls; sites attach again to whoever listens there next. */
  @Override
  public void close() {
    threads.heart().shutdownNow();
    health.enterTerminalState();
    sessions.stop();
    operators.stop();
    server.shutdown();
    try {
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow().awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    threads.close();
  }
}

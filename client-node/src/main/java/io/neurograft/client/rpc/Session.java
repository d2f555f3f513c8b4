package io.neurograft.client.rpc;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.neurograft.client.metrics.NodeMetrics;
import io.neurograft.client.retry.Retry;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.AttendResponse;
import io.neurograft.proto.v1.Task;
import io.neurograft.proto.v1.Welcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a site attached to its coordinator: attends, hands on what comes, and attends again
 * whenever the session breaks, for ever. Only a coordinator that refuses the site ends it.
 */
public final class Session implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /** How long a welcome may take. */
  private static final Duration FIRST_WORD = Duration.ofSeconds(30);

  private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);
  private static final Duration MOST_INTERVAL = Duration.ofMinutes(10);
  private static final long CLOSE_MILLIS = 5_000;

  private final ManagedChannel channel;
  private final Endpoint coordinator;
  private final AttendRequest request;
  private final TaskListener tasks;
  private final NodeMetrics metrics;
  private final Retry retry;
  private final ClockWatch clocks;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread thread;

  Session(
      ManagedChannel channel,
      Endpoint coordinator,
      AttendRequest request,
      TaskListener tasks,
      NodeMetrics metrics,
      Retry.Policy retries) {
    this.channel = channel;
    this.coordinator = coordinator;
    this.request = request;
    this.tasks = tasks;
    this.metrics = metrics;
    this.clocks = new ClockWatch(retries.clock());
    this.retry =
        retries.start("attaching site " + request.getSite() + " to coordinator " + coordinator);
    this.thread = new Thread(this::run, request.getSite() + "-session");
    this.thread.setDaemon(true);
  }

  /** Begins to attend. */
  public void start() {
    thread.start();
  }

  /**
   * Completes when the session was closed; fails with a {@link SessionRefusedException} when the
   * coordinator refuses this site.
   */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ended.complete(null);
  }

  private void run() {
    try {
      while (true) {
        try {
          attend();
        } catch (StatusException e) {
          metrics.sessionFailed();
          if (refused(e.getStatus())) {
            throw new SessionRefusedException(
                "coordinator "
                    + coordinator
                    + " refuses site "
                    + request.getSite()
                    + ": "
                    + Failures.describe(e.getStatus()));
          }
          retry.pause(Failures.describe(e.getStatus()));
          // Dial anew now that we say we do, not when the channel's own pause is over.
          channel.enterIdle();
        }
      }
    } catch (InterruptedException e) {
      ended.complete(null);
    } catch (RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  /** Attends once; returns by exception only, since a session has no end of its own. */
  private void attend() throws InterruptedException, StatusException {
    LOG.info("attaching site {} to coordinator {}", request.getSite(), coordinator);
    try (AttendCall call = AttendCall.start(channel, request)) {
      Duration silence = FIRST_WORD;
      while (true) {
        AttendResponse event = call.next(silence);
        switch (event.getEventCase()) {
          case WELCOME -> silence = welcomed(event.getWelcome());
          case TASK -> task(event.getTask());
          case REVOKED ->
              tasks.revoke(event.getRevoked().getTaskId(), event.getRevoked().getReason());
          case HEARTBEAT -> clocks.hear(event.getHeartbeat().getTime());
          case EVENT_NOT_SET ->
              LOG.warn("skipped an event that this version does not know; update the node");
        }
      }
    } finally {
      metrics.attached(false);
    }
  }

  private Duration welcomed(Welcome welcome) {
    retry.succeeded();
    metrics.attached(true);
    LOG.info(
        "attached as site {} to coordinator {}, version {}",
        request.getSite(),
        coordinator,
        welcome.getSoftwareVersion());
    var sent = welcome.getHeartbeatInterval();
    Duration interval = Duration.ofSeconds(sent.getSeconds(), sent.getNanos());
    if (interval.compareTo(LEAST_INTERVAL) < 0 || interval.compareTo(MOST_INTERVAL) > 0) {
      return FIRST_WORD;
    }
    return interval.multipliedBy(3);
  }

  private void task(Task task) {
    try {
      tasks.offer(TaskMessages.parse(task));
    } catch (IllegalArgumentException e) {
      tasks.refuse(task.getTaskId(), String.valueOf(e.getMessage()));
    }
  }

  /** Answers that stay the same however often one asks. */
  private static boolean refused(Status status) {
    return switch (status.getCode()) {
      case INVALID_ARGUMENT,
          FAILED_PRECONDITION,
          PERMISSION_DENIED,
          UNAUTHENTICATED,
          UNIMPLEMENTED,
          ABORTED ->
          true;
      default -> false;
    };
  }
}

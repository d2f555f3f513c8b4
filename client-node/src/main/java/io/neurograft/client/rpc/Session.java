package io.neurograft.client.rpc;

import io.grpc.Status;
import io.grpc.StatusException;
import io.neurograft.client.metrics.NodeMetrics;
import io.neurograft.client.retry.Bell;
import io.neurograft.client.retry.Retry;
import io.neurograft.proto.v1.AttendRequest;
import io.neurograft.proto.v1.AttendResponse;
import io.neurograft.proto.v1.Task;
import io.neurograft.proto.v1.Welcome;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a site attached to its coordinator: attends, hands on what comes, and attends again
 * whenever the session breaks, for ever. Only a coordinator that refuses the site ends it.
 */
public final class Session implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /** How long a welcome may take, as long as it is not known how often heartbeats come. */
  private static final Duration FIRST_WORD = Duration.ofSeconds(30);

  private static final Duration LEAST_FIRST_WORD = Duration.ofSeconds(5);

  private static final Duration LEAST_INTERVAL = Duration.ofMillis(100);
  private static final Duration MOST_INTERVAL = Duration.ofMinutes(10);
  private static final long CLOSE_MILLIS = 2_000;

  /** More are told about when the site attaches the next time. */
  private static final int MOST_RUNS = 1000;

  /**
   * How often in a row another program may take this one's place before it counts as one that runs.
   * A call of a former program of this site may have been under way for long.
   */
  private static final int MOST_REPLACEMENTS = 3;

  private final Dialer channel;
  private final String site;
  private final SiteDescription description;
  private final String program = UUID.randomUUID().toString();
  private final TaskListener tasks;
  private final NodeMetrics metrics;
  private final Retry retry;
  private final Bell back;
  private final ClockWatch clocks;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread thread;
  private Duration firstWord = FIRST_WORD;
  private long attempts;
  private int replacements;

  Session(
      Dialer channel,
      String site,
      SiteDescription description,
      TaskListener tasks,
      NodeMetrics metrics,
      Retry.Policy retries) {
    this.channel = channel;
    this.site = site;
    this.description = description;
    this.tasks = tasks;
    this.metrics = metrics;
    this.back = retries.bell();
    this.clocks = new ClockWatch(retries.clock());
    this.retry = retries.start("attaching site " + site + " to the coordinator");
    this.thread = new Thread(this::run, site + "-session");
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
          if (refused(e.getStatus()) && !replacedByChance(e.getStatus())) {
            throw new SessionRefusedException(
                "coordinator "
                    + channel.coordinator()
                    + " refuses site "
                    + site
                    + ": "
                    + Failures.describe(e.getStatus()));
          }
          retry.pause(channel.coordinator() + ": " + Failures.describe(e.getStatus()));
          channel.redial(); // now that we say we do
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
    LOG.info("attaching site {} to coordinator {}", site, channel.coordinator());
    try (AttendCall call = AttendCall.start(channel, request())) {
      Duration silence = firstWord;
      while (true) {
        AttendResponse event = next(call, silence);
        switch (event.getEventCase()) {
          case WELCOME -> silence = welcomed(event.getWelcome());
          case TASK -> task(event.getTask());
          case REVOKED ->
              tasks.revoke(event.getRevoked().getTaskId(), event.getRevoked().getReason());
          case HEARTBEAT -> {
            replacements = 0;
            clocks.hear(event.getHeartbeat().getTime());
          }
          case RUN_OVER -> tasks.over(event.getRunOver().getRunId());
          case EVENT_NOT_SET ->
              LOG.warn("skipped an event that this version does not know; update the node");
        }
      }
    } finally {
      metrics.attached(false);
    }
  }

  /** Waits for an event; while other calls hear the coordinator, the connection is only slow. */
  private AttendResponse next(AttendCall call, Duration silence)
      throws InterruptedException, StatusException {
    while (true) {
      Optional<AttendResponse> event = call.next(silence);
      if (event.isPresent()) {
        return event.get();
      }
      if (!channel.heardWithin(silence)) {
        channel.hangUp();
        throw Status.UNAVAILABLE
            .withDescription("heard nothing for " + silence.toMillis() / 1000.0 + " s")
            .asException();
      }
    }
  }

  private AttendRequest request() {
    return description
        .request(site)
        .addAllRuns(tasks.runs().stream().limit(MOST_RUNS).toList())
        .setProgram(program)
        .setAttempt(attempts++)
        .build();
  }

  private Duration welcomed(Welcome welcome) {
    retry.succeeded();
    metrics.attached(true);
    back.ring(); // whatever else waits for the coordinator
    LOG.info(
        "attached as site {} to coordinator {}, version {}",
        site,
        channel.coordinator(),
        welcome.getSoftwareVersion());
    Optional<Duration> silence = silence(welcome);
    silence.ifPresent(
        most -> firstWord = most.compareTo(LEAST_FIRST_WORD) > 0 ? most : LEAST_FIRST_WORD);
    return silence.orElse(FIRST_WORD);
  }

  /** How long the coordinator may say nothing; empty where it does not tell its heartbeats. */
  static Optional<Duration> silence(Welcome welcome) {
    var sent = welcome.getHeartbeatInterval();
    if (sent.getSeconds() < 0 || sent.getSeconds() > MOST_INTERVAL.toSeconds()) {
      return Optional.empty(); // before anything is computed with it
    }
    Duration interval = Duration.ofSeconds(sent.getSeconds(), sent.getNanos());
    return interval.compareTo(LEAST_INTERVAL) < 0 || interval.compareTo(MOST_INTERVAL) > 0
        ? Optional.empty()
        : Optional.of(interval.multipliedBy(3));
  }

  private void task(Task task) {
    try {
      tasks.offer(TaskMessages.parse(task));
    } catch (IllegalArgumentException e) {
      tasks.refuse(task.getTaskId(), String.valueOf(e.getMessage()));
    }
  }

  private boolean replacedByChance(Status status) {
    return status.getCode() == Status.Code.ABORTED && ++replacements < MOST_REPLACEMENTS;
  }

  /**
   * Answers that stay the same however often one asks. All of them are the coordinator's own words:
   * gRPC makes none of these codes of what a proxy, or another program, answers in its stead. Who
   * is not admitted goes on asking: the site may be invited and enrol anew.
   */
  private static boolean refused(Status status) {
    return switch (status.getCode()) {
      case INVALID_ARGUMENT, FAILED_PRECONDITION, ABORTED -> true;
      default -> false;
    };
  }
}

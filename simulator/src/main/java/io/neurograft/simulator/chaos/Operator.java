package io.neurograft.simulator.chaos;

import io.neurograft.coordinator.rpc.OperatorClient;
import io.neurograft.coordinator.rpc.RunSummary;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.channel.Endpoint;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** An operator who asks again until the coordinator answers. */
final class Operator {
  private static final long PAUSE_MILLIS = 100;

  private final Endpoint coordinator;

  Operator(int port) {
    this.coordinator = new Endpoint("127.0.0.1", port);
  }

  /** Creates a run of a name that no other has, once. */
  RunSummary create(String name, String specification) throws InterruptedException {
    return untilAnswered(
        client ->
            client.list().stream()
                .filter(run -> run.name().equals(name)) // its answer was lost
                .findFirst()
                .orElseGet(() -> client.create(specification)));
  }

  /** Ends a run before its time. */
  void cancel(String run) throws InterruptedException {
    untilAnswered(client -> client.cancel(run));
  }

  /**
   * Follows a run to its end.
   *
   * @return how it stands at its end, or after so long
   */
  RunSummary follow(String run, Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    RunSummary seen = untilAnswered(client -> client.get(run));
    while (!seen.ended() && System.nanoTime() < end) {
      Thread.sleep(PAUSE_MILLIS);
      seen = untilAnswered(client -> client.get(run));
    }
    return seen;
  }

  private interface Question<T> {
    T ask(OperatorClient client);
  }

  private Optional<OperatorClient> open = Optional.empty();

  private <T> T untilAnswered(Question<T> question) throws InterruptedException {
    while (true) {
      OperatorClient client = client();
      try {
        return question.ask(client);
      } catch (InvalidInputException e) {
        // The coordinator is away, or its disk is full. A new connection dials at once.
        client.close();
        open = Optional.empty();
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  private OperatorClient client() {
    Supplier<OperatorClient> dial = () -> OperatorClient.to(coordinator, Optional.empty());
    OperatorClient client = open.orElseGet(dial);
    open = Optional.of(client);
    return client;
  }

  void close() {
    open.ifPresent(OperatorClient::close);
  }
}

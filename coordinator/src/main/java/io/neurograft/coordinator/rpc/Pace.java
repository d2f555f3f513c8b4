package io.neurograft.coordinator.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.neurograft.coordinator.rpc.Allowance.Answer;
import io.neurograft.coordinator.rpc.Allowance.Rate;
import io.neurograft.coordinator.rpc.Allowance.Standing;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps callers from flooding the server. Each has an {@link Allowance} of its own, by the name in
 * its certificate or, where it shows none, by its address. Whoever asks faster than that is served
 * more slowly: what it sends is read later. Whoever still asks more is cut off for a minute: its
 * calls end, and new ones are refused, each after a second, so that refusing costs little.
 */
final class Pace implements ServerInterceptor {
  private static final Logger LOG = LoggerFactory.getLogger(Pace.class);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final Duration CUT_OFF = Duration.ofMinutes(1);

  /** A node makes a few calls a second while it reports on a task, and hardly any otherwise. */
  private static final Rate KNOWN = new Rate(20, 500, LONGEST_WAIT, CUT_OFF);

  /** Strangers enrol, or ask for the server's health. */
  private static final Rate STRANGER = new Rate(10, 100, LONGEST_WAIT, CUT_OFF);

  /** What a message costs beside its call: 5000 a second may come, each a chunk of up to 1 MiB. */
  private static final double MESSAGE = .01;

  /**
   * Calls that one caller may have open: a session, transfers, watchers. Each can have the server
   * hold a message that is not whole yet, of at most 4 MiB.
   */
  private static final int MOST_OPEN = 64;

  private static final int MOST_OPEN_OF_STRANGERS = 4;

  /** Beyond so many callers, strangers that are new share one allowance. */
  private static final int MOST_CALLERS = 10_000;

  private static final Duration REFUSED_AFTER = Duration.ofSeconds(1);
  private static final String HEALTH = " for health";

  /** What is known of one caller. */
  private record Account(Allowance allowance, int most, AtomicInteger open, AtomicInteger refused) {
    boolean quiet() {
      return open.get() == 0 && refused.get() == 0;
    }
  }

  private final ScheduledExecutorService timer;
  private final LongSupplier nanoTime;
  private final BiConsumer<String, Status> cutOff;
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();

  /**
   * @param nanoTime tells time spans
   * @param cutOff ends the calls under way of one who is cut off, by its name
   */
  Pace(ScheduledExecutorService timer, LongSupplier nanoTime, BiConsumer<String, Status> cutOff) {
    this.timer = timer;
    this.nanoTime = nanoTime;
    this.cutOff = cutOff;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    Caller caller = Caller.current();
    boolean stranger = caller instanceof Caller.Stranger;
    String key = key(caller, call.getMethodDescriptor().getFullMethodName());
    Account account = account(key, stranger);
    Standing standing = account.allowance().take(1, nanoTime.getAsLong()).standing();
    if (standing == Standing.CUT_OFF_NOW) {
      cut(key);
    }
    if (standing != Standing.SERVED) {
      return refuse(call, account, cutOffStatus());
    }
    if (account.open().incrementAndGet() > account.most()) {
      account.open().decrementAndGet();
      return refuse(
          call,
          account,
          Status.RESOURCE_EXHAUSTED.withDescription(
              "more than " + account.most() + " calls at a time; try again later"));
    }
    return serve(call, headers, next, key, account);
  }

  /** Whoever floods with other calls must not hide that the server is well. */
  private static String key(Caller caller, String method) {
    return method.equals(Access.HEALTH_CHECK.method())
        ? caller.account() + HEALTH
        : caller.account();
  }

  private <Q, A> ServerCall.Listener<Q> serve(
      ServerCall<Q, A> call,
      Metadata headers,
      ServerCallHandler<Q, A> next,
      String key,
      Account account) {
    Runnable ended = once(account.open()::decrementAndGet);
    try {
      return new Ending<>(next.startCall(new Paced<>(call, key, account), headers), ended);
    } catch (RuntimeException e) {
      ended.run();
      throw e;
    }
  }

  /** Forgets callers that were quiet for a while; to be called often. */
  void sweep() {
    long now = nanoTime.getAsLong();
    accounts.values().removeIf(account -> account.quiet() && account.allowance().full(now));
  }

  private Account account(String key, boolean stranger) {
    boolean many = stranger && accounts.size() >= MOST_CALLERS && !accounts.containsKey(key);
    return accounts.computeIfAbsent(
        many ? Caller.STRANGER : key,
        k ->
            new Account(
                new Allowance(stranger ? STRANGER : KNOWN, nanoTime.getAsLong()),
                stranger ? MOST_OPEN_OF_STRANGERS : MOST_OPEN,
                new AtomicInteger(),
                new AtomicInteger()));
  }

  private void cut(String key) {
    LOG.warn("{} floods this coordinator with calls: cut off for {} s", key, CUT_OFF.toSeconds());
    cutOff.accept(key, cutOffStatus());
  }

  private static Status cutOffStatus() {
    return Status.RESOURCE_EXHAUSTED.withDescription(
        "too many calls came from here, so it is cut off for "
            + CUT_OFF.toSeconds()
            + " s; call less often");
  }

  /**
   * Refuses a call after a while: whoever waits for that cannot ask again at once. What a refused
   * call brings meanwhile takes memory, so that few wait, and the others are refused at once.
   */
  private <Q> ServerCall.Listener<Q> refuse(ServerCall<Q, ?> call, Account account, Status status) {
    boolean waits = account.refused().incrementAndGet() <= account.most();
    var unused =
        timer.schedule(
            () -> {
              account.refused().decrementAndGet();
              call.close(status, new Metadata());
            },
            waits ? REFUSED_AFTER.toMillis() : 0,
            TimeUnit.MILLISECONDS);
    return new ServerCall.Listener<>() {};
  }

  private static Runnable once(Runnable work) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        work.run();
      }
    };
  }

  /** A call whose messages are read only when its caller may send them. */
  private final class Paced<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private final String key;
    private final Account account;

    Paced(ServerCall<Q, A> call, String key, Account account) {
      super(call);
      this.key = key;
      this.account = account;
    }

    @Override
    public void request(int count) {
      Answer answer = account.allowance().take(count * MESSAGE, nanoTime.getAsLong());
      if (answer.standing() != Standing.SERVED) {
        cut(key); // this call, too, whenever it began
      } else if (answer.waitNanos() > 0) {
        var unused =
            timer.schedule(() -> super.request(count), answer.waitNanos(), TimeUnit.NANOSECONDS);
      } else {
        super.request(count);
      }
    }
  }

  /** Tells when a call has ended, in whichever way. */
  private static final class Ending<Q> extends SimpleForwardingServerCallListener<Q> {
    private final Runnable ended;

    Ending(ServerCall.Listener<Q> listener, Runnable ended) {
      super(listener);
      this.ended = ended;
    }

    @Override
    public void onComplete() {
      ended.run();
      super.onComplete();
    }

    @Override
    public void onCancel() {
      ended.run();
      super.onCancel();
    }
  }
}

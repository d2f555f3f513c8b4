package io.neurograft.client.rpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.neurograft.proto.channel.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The channel to one of several addresses of the coordinator: the first of them until it fails,
 * then the next, and after the last the first again. It knows when it last heard anything from
 * there, on whatever call.
 */
final class Dialer extends Channel implements AutoCloseable {
  private static final long CLOSE_SECONDS = 2;

  /** A channel to one address. */
  private final class Line {
    private final ManagedChannel channel;
    private volatile long heard = nanoTime.getAsLong();

    Line(Endpoint coordinator) {
      channel = dial.apply(coordinator);
    }

    <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
      return new SimpleForwardingClientCall<>(channel.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          super.start(hearing(listener), headers);
        }
      };
    }

    private <A> ClientCall.Listener<A> hearing(ClientCall.Listener<A> listener) {
      return new SimpleForwardingClientCallListener<>(listener) {
        @Override
        public void onHeaders(Metadata headers) {
          heard = nanoTime.getAsLong();
          super.onHeaders(headers);
        }

        @Override
        public void onMessage(A message) {
          heard = nanoTime.getAsLong();
          super.onMessage(message);
        }
      };
    }
  }

  private final List<Endpoint> coordinators;
  private final Function<Endpoint, ManagedChannel> dial;
  private final LongSupplier nanoTime;
  private final List<ManagedChannel> former = new ArrayList<>(); // that still have calls
  private Line line;
  private int index;

  /**
   * @param coordinators at least one
   * @param dial makes a channel; it connects when it is needed
   * @param nanoTime tells time spans
   */
  Dialer(
      List<Endpoint> coordinators, Function<Endpoint, ManagedChannel> dial, LongSupplier nanoTime) {
    this.coordinators = List.copyOf(coordinators);
    this.dial = dial;
    this.nanoTime = nanoTime;
    this.line = new Line(coordinators.get(0));
  }

  /** The address that is dialled now. */
  synchronized Endpoint coordinator() {
    return coordinators.get(index);
  }

  /** Whether anything came from there in so long a time. */
  synchronized boolean heardWithin(Duration span) {
    return nanoTime.getAsLong() - line.heard <= span.toNanos();
  }

  /**
   * Dials anew, now: the next address where there are several. Calls that are under way stay where
   * they are.
   */
  synchronized void redial() {
    if (coordinators.size() == 1) {
      line.channel.enterIdle(); // not when the channel's own pause is over
      return;
    }
    former.removeIf(ManagedChannel::isTerminated);
    former.add(line.channel.shutdown());
    index = (index + 1) % coordinators.size();
    line = new Line(coordinators.get(index));
  }

  /** Has new calls dial anew, the same address; those under way stay where they are. */
  synchronized void refresh() {
    line.channel.enterIdle();
  }

  /** Ends all calls at once: the connection is dead, and they would only learn it later. */
  synchronized void hangUp() {
    line.channel.shutdownNow();
    line = new Line(coordinators.get(index));
  }

  @Override
  public synchronized <Q, A> ClientCall<Q, A> newCall(
      MethodDescriptor<Q, A> method, CallOptions options) {
    return line.newCall(method, options);
  }

  @Override
  public synchronized String authority() {
    return line.channel.authority();
  }

  @Override
  public synchronized void close() {
    former.forEach(ManagedChannel::shutdownNow);
    line.channel.shutdownNow();
    try {
      line.channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

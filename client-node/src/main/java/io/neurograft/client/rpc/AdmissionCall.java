package io.neurograft.client.rpc;

import com.google.protobuf.Timestamp;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.neurograft.proto.channel.ChannelSettingsException;
import io.neurograft.proto.channel.Channels;
import io.neurograft.proto.channel.Endpoint;
import io.neurograft.proto.channel.TlsSettings;
import io.neurograft.proto.v1.CheckRequest;
import io.neurograft.proto.v1.CheckResponse;
import io.neurograft.proto.v1.SessionServiceGrpc;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Asks a coordinator whether it lets a site in, and what time it has; that changes nothing. */
public final class AdmissionCall {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Of several measurements of the clock, that with the shortest way counts. */
  private static final int MEASUREMENTS = 5;

  private AdmissionCall() {}

  /** What came of it. */
  public sealed interface Answer permits Admitted, Refused {}

  /**
   * The site is let in.
   *
   * @param site the name by which it is known
   * @param version the version of the coordinator's software
   * @param attached whether a program is attached as this site now
   * @param ahead by how much this machine's clock is ahead of the coordinator's; negative if behind
   * @param roundTrip how long call and answer were on their way
   */
  public record Admitted(
      String site, String version, boolean attached, Duration ahead, Duration roundTrip)
      implements Answer {}

  /**
   * The site is not let in.
   *
   * @param kind who says so
   * @param why one line
   */
  public record Refused(Kind kind, String why) implements Answer {}

  /** Why a site is not let in. */
  public enum Kind {
    /** The coordinator does not admit this certificate, or not as this site. */
    NOT_ADMITTED,
    /** The coordinator does not know this call. */
    OLDER,
    /** The call did not come through. */
    FAILED
  }

  /** Asks; takes at most some seconds. */
  public static Answer ask(
      Endpoint coordinator, Optional<TlsSettings> tls, String site, InstantSource clock) {
    try {
      ManagedChannel channel = Channels.client(coordinator, tls).build();
      try {
        var unused = measure(channel, site, clock); // connects, which takes longer
        return IntStream.range(0, MEASUREMENTS)
            .mapToObj(i -> measure(channel, site, clock))
            .min(Comparator.comparing(Admitted::roundTrip))
            .orElseThrow();
      } finally {
        channel.shutdownNow();
      }
    } catch (StatusRuntimeException e) {
      return new Refused(kind(e.getStatus()), Failures.describe(e.getStatus()));
    } catch (ChannelSettingsException e) {
      return new Refused(Kind.FAILED, e.getMessage());
    } catch (DateTimeException e) {
      return new Refused(Kind.FAILED, "the answer names no time: " + e.getMessage());
    }
  }

  private static Admitted measure(ManagedChannel channel, String site, InstantSource clock) {
    var stub =
        SessionServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    Instant asked = clock.instant();
    long start = System.nanoTime();
    CheckResponse answer = stub.check(CheckRequest.newBuilder().setSite(site).build());
    return admitted(answer, asked, Duration.ofNanos(System.nanoTime() - start));
  }

  /**
   * What an answer says.
   *
   * @param asked when it was asked for, by this machine's clock
   * @param roundTrip how long call and answer were on their way
   * @throws DateTimeException if it names no time
   */
  public static Admitted admitted(CheckResponse answer, Instant asked, Duration roundTrip) {
    Instant there = time(answer.getTime());
    return new Admitted(
        answer.getSite(),
        answer.getSoftwareVersion(),
        answer.getAttached(),
        Duration.between(there, asked.plus(roundTrip.dividedBy(2))),
        roundTrip);
  }

  private static Instant time(Timestamp time) {
    try {
      return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    } catch (ArithmeticException e) { // the nanoseconds carried it beyond a long
      throw new DateTimeException("second " + time.getSeconds() + " is beyond all times", e);
    }
  }

  private static Kind kind(Status status) {
    return switch (status.getCode()) {
      case UNAUTHENTICATED, PERMISSION_DENIED -> Kind.NOT_ADMITTED;
      case UNIMPLEMENTED -> Kind.OLDER;
      default -> Kind.FAILED;
    };
  }
}

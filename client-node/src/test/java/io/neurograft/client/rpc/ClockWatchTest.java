package io.neurograft.client.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
  private final ClockWatch watch =
      new ClockWatch(Clock.fixed(Instant.ofEpochSecond(1_000_000), ZoneOffset.UTC));

  @Test
  void hear_withinAMinute_isFine() {
    assertThat(watch.hear(at(1_000_059))).isFalse();
    assertThat(watch.hear(at(999_941))).isFalse();
  }

  @Test
  void hear_beyondAMinute_isToldEitherWay() {
    assertThat(watch.hear(at(1_000_100))).isTrue();
    assertThat(watch.hear(at(999_000))).isTrue();
  }

  private static Timestamp at(long seconds) {
    return Timestamp.newBuilder().setSeconds(seconds).build();
  }
}

package io.neurograft.client.rpc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.neurograft.proto.v1.AttendResponse;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;

/** Events of a session, as the coordinator sends them: tasks, most of all. */
class EventFuzzTest extends FuzzTest {
  private final ClockWatch clocks = new ClockWatch(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  @Override
  protected void read(byte[] input) throws InvalidProtocolBufferException {
    AttendResponse event = AttendResponse.parseFrom(input);
    switch (event.getEventCase()) {
      case WELCOME -> {
        var unused = Session.silence(event.getWelcome());
      }
      case TASK -> {
        var unused = TaskMessages.parse(event.getTask()).toString();
      }
      case HEARTBEAT -> clocks.hear(event.getHeartbeat().getTime());
      default -> {} // nothing is made of their texts
    }
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    // The second: a task that is refused, as its coordinator is told then.
    return Set.of(InvalidProtocolBufferException.class, IllegalArgumentException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(1 << 18, 500);
  }
}

package io.neurograft.client.preflight;

import com.google.protobuf.InvalidProtocolBufferException;
import io.neurograft.client.rpc.AdmissionCall;
import io.neurograft.client.rpc.AdmissionCall.Admitted;
import io.neurograft.proto.v1.CheckResponse;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** What preflight says of a coordinator's answer: whether the site is let in, and its clock. */
class AdmissionFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) throws InvalidProtocolBufferException {
    CheckResponse answer = CheckResponse.parseFrom(input);
    Admitted admitted = AdmissionCall.admitted(answer, Instant.EPOCH, Duration.ofMillis(1));
    var unused = AdmissionCheck.of(admitted, "lyon");
    var unusedClock = ClockCheck.of(admitted);
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidProtocolBufferException.class, DateTimeException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(1 << 18, 500);
  }
}

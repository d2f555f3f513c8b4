package io.neurograft.proto.identity;

import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.util.Set;

/** Signing requests, which anybody may send who can connect. */
class SigningRequestFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) {
    var unused = SigningRequest.key(input);
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(IllegalArgumentException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(2 << 20, 2000);
  }
}

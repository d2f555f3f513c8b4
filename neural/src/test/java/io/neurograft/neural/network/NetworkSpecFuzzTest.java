package io.neurograft.neural.network;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Networks in YAML, which come with every task and every run. */
class NetworkSpecFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) {
    NetworkSpec spec = NetworkSpec.parse(new String(input, StandardCharsets.UTF_8), "network");
    if (!NetworkSpec.parse(spec.toYaml(), "its own text").equals(spec)) {
      throw new IllegalStateException("is not read as it was written: " + spec.toYaml());
    }
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(32 << 20, 20_000);
  }
}

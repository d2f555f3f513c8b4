package io.neurograft.coordinator.run;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Specifications of runs, as operators send them. */
class RunSpecFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) {
    var unused = RunSpec.parse(new String(input, StandardCharsets.UTF_8), "run").rules();
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

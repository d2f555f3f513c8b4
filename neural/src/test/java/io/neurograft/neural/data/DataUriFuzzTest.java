package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Names of data sets, which a run's specification brings. */
class DataUriFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) {
    DataUri.check(new String(input, StandardCharsets.UTF_8));
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(1 << 18, 500);
  }
}

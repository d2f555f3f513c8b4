package io.neurograft.neural.masking;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FuzzTest;
import java.util.Arrays;
import java.util.Set;

/** Public masking keys, as sites send them. */
class MaskingPublicKeyFuzzTest extends FuzzTest {
  @Override
  protected void read(byte[] input) {
    if (!Arrays.equals(MaskingPublicKey.of(input).bytes(), input)) {
      throw new IllegalStateException("is not what was read");
    }
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(1 << 16, 8);
  }
}

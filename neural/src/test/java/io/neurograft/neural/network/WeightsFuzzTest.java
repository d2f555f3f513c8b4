package io.neurograft.neural.network;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
import java.util.Set;

/** Weights in safetensors files, in single and half precision and in 8 bits, as sites send them. */
class WeightsFuzzTest extends FileFuzzTest {
  private static final NetworkSpec SPEC =
      NetworkSpec.parse(
          "{input: {shape: [2]}, levels: [[{linear: 3}, batchnorm], [relu, {linear: 2}]]}", "tiny");

  @Override
  protected void readFiles(byte[] input) throws IOException {
    Weights.check(file("some.safetensors", input), SPEC);
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(1 << 20, 1000);
  }
}

package io.neurograft.neural.attribution;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
import java.util.Set;

/** Scores, as sites send them. */
class ScoresFuzzTest extends FileFuzzTest {
  private static final NetworkSpec SPEC =
      NetworkSpec.parse("{input: {shape: [2]}, levels: [[{linear: 3}], [relu, {linear: 2}]]}", "");

  @Override
  protected void readFiles(byte[] input) throws IOException {
    var unused = Scores.read(file("scores.safetensors", input), SPEC).normalised();
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

package io.neurograft.neural.exchange;

import io.neurograft.neural.collection.MomentShapes;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.neural.network.NetworkSpec;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Questions, as the coordinator sends them, and the number of numbers that answer them. */
class QuestionFuzzTest extends FileFuzzTest {
  private static final NetworkSpec SPEC =
      NetworkSpec.parse("{input: {shape: [2]}, levels: [[{linear: 3}], [relu, {linear: 2}]]}", "");
  static final MomentShapes SHAPES = new MomentShapes(SPEC, 2);

  @Override
  protected void readFiles(byte[] input) throws IOException {
    Path path = file("question.safetensors", input);
    try (QuestionFile file = QuestionFile.open(path, SHAPES)) {
      var unused = file.question().numbers(SHAPES);
    }
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(2 << 20, 4000);
  }
}

package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** Images, which Java's own decoders read. */
class ImageFuzzTest extends FileFuzzTest {
  @Override
  protected void readFiles(byte[] input) throws IOException {
    var unused = new ImageFile(file("image.png", input)).read();
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidInputException.class);
  }

  @Override
  protected int inputs() {
    return super.inputs() / 10; // each that states 4096 x 4096 pixels takes as long as a thousand
  }

  @Override
  protected Bounds bounds() {
    // 4096 x 4096 pixels may stand in a few bytes: in the image, as colours, and as values.
    return new Bounds(Duration.ofSeconds(5), 256 << 20, 4000);
  }
}

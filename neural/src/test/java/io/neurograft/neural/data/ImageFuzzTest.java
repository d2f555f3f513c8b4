package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
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
    return super.inputs() / 10; // a JPEG of some hundred bytes may hold a million pixels
  }

  @Override
  protected Bounds bounds() {
    // Of one bit, a byte may hold 8256 pixels; of a palette's colours, they become three bytes
    // each.
    return Bounds.of(4 << 20, 36_000);
  }
}

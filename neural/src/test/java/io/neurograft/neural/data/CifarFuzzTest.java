package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;

/**
 * Batches of images in CIFAR's binary files. The input's first byte says how many bytes of it are
 * the list of class names; the others are the batch.
 */
class CifarFuzzTest extends FileFuzzTest {
  @Override
  protected void readFiles(byte[] input) throws IOException {
    int names = Math.min(input.length - 1, input.length < 1 ? 0 : Byte.toUnsignedInt(input[0]));
    if (names > 0) {
      file("batches.meta.txt", Arrays.copyOfRange(input, 1, 1 + names));
    }
    file(
        "test_batch.bin",
        input.length < 1 ? input : Arrays.copyOfRange(input, 1 + names, input.length));
    var unused = new CifarFolder(folder(), CifarLayout.CIFAR10).open(Split.TEST);
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(1 << 20, 200);
  }
}

package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;

/**
 * Labels and images in IDX files. The input's first byte says which of them are gzipped, the second
 * how many bytes are labels; the others are images.
 */
class MnistFuzzTest extends FileFuzzTest {
  @Override
  protected void readFiles(byte[] input) throws IOException {
    int zipped = input.length < 1 ? 0 : input[0];
    int end = 2 + (input.length < 2 ? 0 : Byte.toUnsignedInt(input[1]));
    file("train-labels-idx1-ubyte" + ((zipped & 1) == 0 ? "" : ".gz"), part(input, 2, end));
    file(
        "train-images-idx3-ubyte" + ((zipped & 2) == 0 ? "" : ".gz"),
        part(input, end, input.length));
    var unused = new MnistFolder(folder()).open(Split.TRAIN);
  }

  private static byte[] part(byte[] input, int from, int to) {
    return from >= input.length
        ? new byte[0]
        : Arrays.copyOfRange(input, from, Math.min(to, input.length));
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    // Deflate packs a thousand bytes into one, and they are kept twice while they are read.
    return Bounds.of(1 << 20, 4000);
  }
}

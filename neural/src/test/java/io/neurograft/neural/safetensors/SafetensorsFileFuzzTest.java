package io.neurograft.neural.safetensors;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
import java.util.Set;

/** Safetensors files of any tensors: their headers, and each tensor in both ways of reading it. */
class SafetensorsFileFuzzTest extends FileFuzzTest {
  private static final int MOST_TENSORS = 8;

  @Override
  protected void readFiles(byte[] input) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(file("some.safetensors", input))) {
      for (var tensor : file.tensors().entrySet().stream().limit(MOST_TENSORS).toList()) {
        file.check(tensor.getKey());
        stream(file.stream(tensor.getKey()), tensor.getValue());
      }
    }
  }

  private static void stream(TensorStream elements, TensorEntry entry) {
    int count = Math.toIntExact(entry.elements()); // at most as many as the file has bytes
    if (entry.type() == ElementType.I64) {
      elements.get(new long[count], 0, count);
    } else {
      elements.get(new double[count], 0, count);
    }
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

package io.neurograft.neural.data;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.fuzz.Bounds;
import io.neurograft.testing.fuzz.FileFuzzTest;
import java.io.IOException;
import java.util.Set;

/** Tables in comma-separated text. */
class CsvFuzzTest extends FileFuzzTest {
  @Override
  protected void readFiles(byte[] input) throws IOException {
    var unused = new CsvTable(file("table.csv", input), "label", 42).open(Split.TRAIN);
  }

  @Override
  protected Set<Class<? extends Exception>> refusals() {
    return Set.of(InvalidInputException.class);
  }

  @Override
  protected Bounds bounds() {
    return Bounds.of(2 << 20, 2000);
  }
}

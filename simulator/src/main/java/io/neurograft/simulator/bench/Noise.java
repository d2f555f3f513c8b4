package io.neurograft.simulator.bench;

import io.neurograft.neural.data.Dataset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Seeded random examples, made anew whenever they are read, so that they take no memory.
 *
 * @param shape of one example
 * @param classes dealt to the examples in turn
 */
record Noise(List<Integer> shape, int classes, int size, long seed) implements Dataset {
  @Override
  public List<String> classNames() {
    return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
  }

  @Override
  public int label(int index) {
    return index % classes;
  }

  @Override
  public void read(int index, float[] target, int offset) {
    SplittableRandom random = new SplittableRandom(seed + index);
    int values = exampleSize();
    for (int i = 0; i < values; i++) {
      target[offset + i] = (float) random.nextDouble();
    }
  }
}

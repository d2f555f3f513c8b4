package io.neurograft.neural.moments;

import java.util.ArrayList;
import java.util.List;

/** Numbers on their way, in memory. */
final class Numbers implements NumberSink {
  private final List<Double> values = new ArrayList<>();

  @Override
  public void put(double[] some, int from, int count) {
    for (int i = from; i < from + count; i++) {
      values.add(some[i]);
    }
  }

  long count() {
    return values.size();
  }

  NumberSource source() {
    int[] next = new int[1];
    return (some, from, count) -> {
      for (int i = from; i < from + count; i++) {
        some[i] = values.get(next[0]++);
      }
    };
  }
}

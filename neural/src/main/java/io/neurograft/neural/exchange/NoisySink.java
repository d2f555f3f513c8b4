package io.neurograft.neural.exchange;

import io.neurograft.neural.masking.GaussianNoise;
import io.neurograft.neural.moments.NumberSink;

/**
 * Adds noise to every number on its way but counts of rows, which follow from the number of
 * examples that a site tells anyway.
 */
record NoisySink(NumberSink next, GaussianNoise noise) implements NumberSink {
  @Override
  public void put(double[] values, int from, int count) {
    double[] noisy = new double[count];
    for (int i = 0; i < count; i++) {
      noisy[i] = values[from + i] + noise.next();
    }
    next.put(noisy, 0, count);
  }

  @Override
  public void putCount(long count) {
    next.putCount(count);
  }
}

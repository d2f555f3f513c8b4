package io.neurograft.neural.collection;

import io.neurograft.neural.data.Dataset;

/**
 * A number for each example that follows from its values alone: the same at whatever site the
 * example is, and at whatever place there. Each is computed when it is asked for first.
 */
final class ExampleKeys {
  private static final long START = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private final Dataset data;
  private final float[] values;
  private final long[] keys;
  private final boolean[] known;

  ExampleKeys(Dataset data) {
    this.data = data;
    this.values = new float[data.exampleSize()];
    this.keys = new long[data.size()];
    this.known = new boolean[data.size()];
  }

  /** The key of the example at a place of the data set. */
  long of(int place) {
    if (!known[place]) {
      keys[place] = key(place);
      known[place] = true;
    }
    return keys[place];
  }

  /** FNV-1a over the label and the bits of the values. */
  private long key(int place) {
    data.read(place, values, 0);
    long key = (START ^ data.label(place)) * PRIME;
    for (float value : values) {
      key = (key ^ Float.floatToIntBits(value)) * PRIME;
      key ^= key >>> 29;
    }
    return key;
  }
}

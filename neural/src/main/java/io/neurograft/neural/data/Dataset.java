package io.neurograft.neural.data;

import java.util.List;

/** An immutable list of labelled examples of one shape. It may be read by several threads. */
public interface Dataset {
  /** The shape of one example: {@code [channels, height, width]}, or {@code [columns]}. */
  List<Integer> shape();

  /** The name of each class; a label is an index into this list. */
  List<String> classNames();

  /** The number of examples. */
  int size();

  /** The class of an example, from 0 to {@code classes() - 1}. */
  int label(int index);

  /**
   * Writes the values of an example, in the order of {@link #shape}: pixels from 0 to 1, table
   * cells as they are.
   *
   * @param target receives as many values as the shape holds, from {@code offset} on
   */
  void read(int index, float[] target, int offset);

  /** The number of classes, those without an example included. */
  default int classes() {
    return classNames().size();
  }

  /** The number of values of one example. */
  default int exampleSize() {
    return shape().stream().reduce(1, Math::multiplyExact);
  }

  /** The class of every example. */
  default int[] labels() {
    int[] labels = new int[size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = label(i);
    }
    return labels;
  }

  /** The number of examples of each class. */
  default long[] classCounts() {
    long[] counts = new long[classes()];
    for (int label : labels()) {
      counts[label]++;
    }
    return counts;
  }

  /**
   * The examples at some places, in the order given.
   *
   * @throws IndexOutOfBoundsException if a place is outside this data set
   */
  default Dataset subset(int[] indices) {
    return Subset.of(this, indices);
  }

  /**
   * The examples of several data sets, one data set after the other.
   *
   * @throws IllegalArgumentException if there are none, or if their shapes or classes differ
   */
  static Dataset union(List<Dataset> parts) {
    return Union.of(parts);
  }
}

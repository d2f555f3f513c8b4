package io.neurograft.neural.data;

import java.util.List;

/** Rows of numbers in memory. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TableData(List<Integer> shape, List<String> classNames, float[][] rows, int[] labels)
    implements Dataset {
  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public int[] labels() {
    return labels.clone();
  }

  @Override
  public void read(int index, float[] target, int offset) {
    System.arraycopy(rows[index], 0, target, offset, rows[index].length);
  }
}

package io.neurograft.neural.data;

import java.util.List;
import java.util.Objects;

/** Some examples of another data set. */
final class Subset implements Dataset {
  private final Dataset whole;
  private final int[] indices;

  private Subset(Dataset whole, int[] indices) {
    this.whole = whole;
    this.indices = indices;
  }

  static Subset of(Dataset whole, int[] indices) {
    for (int index : indices) {
      Objects.checkIndex(index, whole.size());
    }
    return new Subset(whole, indices.clone());
  }

  @Override
  public List<Integer> shape() {
    return whole.shape();
  }

  @Override
  public List<String> classNames() {
    return whole.classNames();
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public int label(int index) {
    return whole.label(indices[index]);
  }

  @Override
  public void read(int index, float[] target, int offset) {
    whole.read(indices[index], target, offset);
  }
}

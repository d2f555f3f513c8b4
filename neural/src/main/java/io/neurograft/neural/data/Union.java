package io.neurograft.neural.data;

import java.util.List;

/** The examples of several data sets, one data set after the other. */
final class Union implements Dataset {
  private final List<Dataset> parts;
  private final int[] starts; // parts + 1: where each part begins, and the end

  private Union(List<Dataset> parts) {
    this.parts = List.copyOf(parts);
    this.starts = new int[parts.size() + 1];
    for (int i = 0; i < parts.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], parts.get(i).size());
    }
  }

  static Union of(List<Dataset> parts) {
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("expected at least one data set");
    }
    Dataset first = parts.get(0);
    for (Dataset part : parts) {
      if (!part.shape().equals(first.shape()) || !part.classNames().equals(first.classNames())) {
        throw new IllegalArgumentException(
            "expected data sets of one shape and the same classes, found %s of %s and %s of %s"
                .formatted(first.shape(), first.classNames(), part.shape(), part.classNames()));
      }
    }
    return new Union(parts);
  }

  @Override
  public List<Integer> shape() {
    return parts.get(0).shape();
  }

  @Override
  public List<String> classNames() {
    return parts.get(0).classNames();
  }

  @Override
  public int size() {
    return starts[parts.size()];
  }

  @Override
  public int label(int index) {
    int part = part(index);
    return parts.get(part).label(index - starts[part]);
  }

  @Override
  public void read(int index, float[] target, int offset) {
    int part = part(index);
    parts.get(part).read(index - starts[part], target, offset);
  }

  /** The part that an example lies in; few enough to look at each. */
  private int part(int index) {
    for (int part = 0; part < parts.size(); part++) {
      if (index >= starts[part] && index < starts[part + 1]) {
        return part;
      }
    }
    throw new IndexOutOfBoundsException(index);
  }
}

package io.neurograft.simulator.hostile;

import io.neurograft.neural.data.Dataset;
import java.util.List;

/** Examples with wrong labels: class c of C is called C - 1 - c. */
record Relabelled(Dataset honest) implements Dataset {
  @Override
  public List<Integer> shape() {
    return honest.shape();
  }

  @Override
  public List<String> classNames() {
    return honest.classNames();
  }

  @Override
  public int size() {
    return honest.size();
  }

  @Override
  public int label(int index) {
    return honest.classes() - 1 - honest.label(index);
  }

  @Override
  public void read(int index, float[] target, int offset) {
    honest.read(index, target, offset);
  }
}

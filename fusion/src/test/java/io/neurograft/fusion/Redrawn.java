package io.neurograft.fusion;

import io.neurograft.neural.data.Dataset;
import java.util.List;

/** Another data set's examples with their labels, drawn in another shape. */
public record Redrawn(Dataset examples, List<Integer> shape, Drawing drawing) implements Dataset {
  /** Draws an example. */
  public interface Drawing {
    /**
     * Draws an example.
     *
     * @param values of the example as it was
     * @param target has room for the new shape from {@code offset} on
     */
    void draw(int index, float[] values, float[] target, int offset);
  }

  @Override
  public List<String> classNames() {
    return examples.classNames();
  }

  @Override
  public int size() {
    return examples.size();
  }

  @Override
  public int label(int index) {
    return examples.label(index);
  }

  @Override
  public void read(int index, float[] target, int offset) {
    float[] values = new float[examples.exampleSize()];
    examples.read(index, values, 0);
    drawing.draw(index, values, target, offset);
  }
}

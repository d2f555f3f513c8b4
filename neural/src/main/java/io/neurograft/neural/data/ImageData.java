package io.neurograft.neural.data;

import java.util.List;

/** Images in memory, one byte per value. */
final class ImageData implements Dataset {
  private static final float[] SCALED = new float[256];

  static {
    for (int i = 0; i < SCALED.length; i++) {
      SCALED[i] = i / 255f;
    }
  }

  private final List<Integer> shape;
  private final List<String> classNames;
  // One array per image: a subset then keeps alive nothing but its own images, and the whole may
  // be larger than one array can be.
  private final byte[][] images;
  private final int[] labels;

  /**
   * @param images each in the order channels, height, width; taken over, not copied
   * @param labels one per image, from 0 to {@code classNames.size() - 1}; taken over, not copied
   */
  ImageData(List<Integer> shape, List<String> classNames, byte[][] images, int[] labels) {
    if (images.length != labels.length) {
      throw new IllegalArgumentException(images.length + " images, " + labels.length + " labels");
    }
    this.shape = List.copyOf(shape);
    this.classNames = List.copyOf(classNames);
    this.images = images;
    this.labels = labels;
  }

  @Override
  public List<Integer> shape() {
    return shape;
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public int size() {
    return images.length;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public void read(int index, float[] target, int offset) {
    byte[] image = images[index];
    for (int i = 0; i < image.length; i++) {
      target[offset + i] = SCALED[image[i] & 0xff];
    }
  }

  @Override
  public Dataset subset(int[] indices) {
    byte[][] chosen = new byte[indices.length][];
    int[] classes = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      chosen[i] = images[indices[i]];
      classes[i] = labels[indices[i]];
    }
    return new ImageData(shape, classNames, chosen, classes);
  }
}

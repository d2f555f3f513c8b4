package io.neurograft.neural.network;

/**
 * Symmetric quantisation to 8 bits: {@code q = round(x / s)}, from -127 to 127, with a scale {@code
 * s = max |x| / 127} for each channel, so that {@code |x - q s| <= s / 2}.
 */
final class ChannelQuantiser {
  private static final int MOST = 127;

  private final float[] scales;
  private final int size; // values of a channel

  private ChannelQuantiser(float[] scales, int size) {
    this.scales = scales;
    this.size = size;
  }

  /**
   * Finds the scales.
   *
   * @param values finite, channel by channel
   * @param channels how many there are; divides the number of values
   */
  static ChannelQuantiser of(float[] values, int channels) {
    float[] scales = new float[channels];
    int size = channels == 0 ? 0 : values.length / channels;
    for (int c = 0; c < channels; c++) {
      float most = 0;
      for (int i = c * size; i < (c + 1) * size; i++) {
        most = Math.max(most, Math.abs(values[i]));
      }
      scales[c] = scale(most);
    }
    return new ChannelQuantiser(scales, size);
  }

  /** Normal, so above 0 also where a channel holds nothing but zeros, and never too large. */
  private static float scale(float most) {
    float scale = Math.max(most / MOST, Float.MIN_NORMAL);
    return Float.isFinite(scale * MOST) ? scale : Math.nextDown(scale);
  }

  /** One scale for each channel; normal numbers above 0. */
  float[] scales() {
    return scales.clone();
  }

  /** The scale of the channel of the value at an index. */
  float scale(int index) {
    return scales[index / size];
  }

  byte quantised(float value, int index) {
    double q = Math.rint((double) value / scale(index));
    return (byte) Math.max(-MOST, Math.min(MOST, q));
  }
}

package io.neurograft.neural.safetensors;

import io.neurograft.neural.config.InvalidInputException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;

/**
 * What the whole numbers of an I8 tensor are multiples of: one scale for each index of its first
 * axis, in an F32 tensor named like it with {@value #SUFFIX} behind. A tensor of another type has
 * none.
 */
final class ChannelScales {
  static final String SUFFIX = ".scale";

  private static final ChannelScales NONE = new ChannelScales(new float[0], 1);

  private final float[] scales;
  private final long channel; // elements of one index of the first axis

  private ChannelScales(float[] scales, long channel) {
    this.scales = scales;
    this.channel = channel;
  }

  /**
   * Checks by a file's header that every I8 tensor has scales of the right shape.
   *
   * @throws InvalidInputException if one has not
   */
  static void check(String path, Map<String, TensorEntry> tensors) {
    tensors.forEach(
        (name, entry) -> {
          if (entry.type() == ElementType.I8) {
            TensorEntry scale = tensors.get(name + SUFFIX);
            List<Long> channels = entry.shape().isEmpty() ? List.of() : entry.shape().subList(0, 1);
            if (channels.isEmpty()
                || scale == null
                || scale.type() != ElementType.F32
                || !scale.shape().equals(channels)) {
              throw new InvalidInputException(
                  path,
                  "tensor "
                      + name
                      + ": expected an F32 tensor "
                      + name
                      + SUFFIX
                      + " of "
                      + channels);
            }
          }
        });
  }

  /**
   * Reads a tensor's scales.
   *
   * @throws InvalidInputException if one is not above 0, or not finite
   */
  static ChannelScales of(SafetensorsFile file, String name, TensorEntry entry) {
    if (entry.type() != ElementType.I8 || entry.elements() == 0) {
      return NONE;
    }
    float[] scales = new float[Math.toIntExact(entry.shape().get(0))];
    file.read(name + SUFFIX, FloatBuffer.wrap(scales));
    for (float scale : scales) {
      if (scale <= 0) {
        throw new InvalidInputException(
            file.path().toString(),
            "tensor " + name + SUFFIX + ": expected values above 0, found " + scale);
      }
    }
    return new ChannelScales(scales, entry.elements() / scales.length);
  }

  /** What the element at an index stands for. */
  float value(float element, long index) {
    return scales.length == 0 ? element : element * scales[(int) (index / channel)];
  }
}

package io.neurograft.neural.tensor;

import io.neurograft.neural.config.ConfigNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where arrays live and are computed: {@code cpu}, {@code gpu:N} for the engine's N-th GPU, or
 * {@code auto}, which is {@code gpu:0} where the engine finds a GPU and {@code cpu} elsewhere.
 *
 * @param kind which of the three
 * @param gpu the number of the GPU, from 0; 0 for other kinds
 */
public record DeviceSetting(Kind kind, int gpu) {
  /** A kind of setting. */
  public enum Kind {
    /** A GPU where there is one. */
    AUTO,
    /** The processor. */
    CPU,
    /** One GPU. */
    GPU
  }

  /** A GPU where there is one. */
  public static final DeviceSetting AUTO = new DeviceSetting(Kind.AUTO, 0);

  private static final Pattern GPU = Pattern.compile("gpu:([0-9]{1,3})");

  /**
   * Reads a setting.
   *
   * @throws IllegalArgumentException with what was expected and found
   */
  public static DeviceSetting parse(String text) {
    Matcher gpu = GPU.matcher(text);
    if (gpu.matches()) {
      return new DeviceSetting(Kind.GPU, Integer.parseInt(gpu.group(1)));
    }
    return switch (text) {
      case "auto" -> AUTO;
      case "cpu" -> new DeviceSetting(Kind.CPU, 0);
      default ->
          throw new IllegalArgumentException("expected auto, cpu or gpu:N, found \"" + text + "\"");
    };
  }

  /** Reads {@code device} in a document; {@code auto} where it is not said. Notes a fault there. */
  public static DeviceSetting from(ConfigNode node) {
    try {
      return parse(node.text("device", AUTO.toString()));
    } catch (IllegalArgumentException e) {
      node.fault("device", String.valueOf(e.getMessage()));
      return AUTO;
    }
  }

  /** The setting as it is written. */
  @Override
  public String toString() {
    return switch (kind) {
      case AUTO -> "auto";
      case CPU -> "cpu";
      case GPU -> "gpu:" + gpu;
    };
  }
}

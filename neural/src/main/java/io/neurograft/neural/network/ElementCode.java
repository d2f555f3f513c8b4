package io.neurograft.neural.network;

import io.neurograft.neural.safetensors.ElementType;
import java.nio.ByteBuffer;

/** How the numbers of one tensor are encoded. */
sealed interface ElementCode {
  /** As they are. */
  ElementCode SINGLE = new Single();

  /** In half precision. */
  Half HALF = new Half();

  /** Their type in the file. */
  ElementType type();

  /** Writes the value at an index of the tensor. */
  void put(ByteBuffer out, float value, int index);

  /** What the value at an index is after it was written and read. */
  float restored(float value, int index);

  /** Single precision. */
  record Single() implements ElementCode {
    @Override
    public ElementType type() {
      return ElementType.F32;
    }

    @Override
    public void put(ByteBuffer out, float value, int index) {
      out.putFloat(value);
    }

    @Override
    public float restored(float value, int index) {
      return value;
    }
  }

  /** Half precision. */
  record Half() implements ElementCode {
    @Override
    public ElementType type() {
      return ElementType.F16;
    }

    @Override
    public void put(ByteBuffer out, float value, int index) {
      out.putShort(ElementType.half(value));
    }

    @Override
    public float restored(float value, int index) {
      return ElementType.half(ElementType.half(value));
    }

    /** Whether none of the values is too large. */
    boolean holds(float[] values) {
      for (float value : values) {
        if (!Float.isFinite(restored(value, 0))) {
          return false;
        }
      }
      return true;
    }
  }

  /** Whole numbers times a scale for each channel. */
  record Scaled(ChannelQuantiser quantiser) implements ElementCode {
    @Override
    public ElementType type() {
      return ElementType.I8;
    }

    @Override
    public void put(ByteBuffer out, float value, int index) {
      out.put(quantiser.quantised(value, index));
    }

    @Override
    public float restored(float value, int index) {
      return quantiser.quantised(value, index) * quantiser.scale(index);
    }
  }
}

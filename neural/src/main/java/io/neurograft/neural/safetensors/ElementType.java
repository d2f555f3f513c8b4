package io.neurograft.neural.safetensors;

import java.nio.ByteBuffer;

/** The number formats of files; all become floats before the engine sees them. */
public enum ElementType {
  /** IEEE 754 single precision. */
  F32(4) {
    @Override
    float next(ByteBuffer buffer) {
      return buffer.getFloat();
    }
  },
  /** IEEE 754 double precision. */
  F64(8) {
    @Override
    float next(ByteBuffer buffer) {
      return (float) buffer.getDouble();
    }
  },
  /** IEEE 754 half precision. */
  F16(2) {
    @Override
    float next(ByteBuffer buffer) {
      return half(buffer.getShort());
    }
  },
  /** The upper half of a single precision number. */
  BF16(2) {
    @Override
    float next(ByteBuffer buffer) {
      return Float.intBitsToFloat(buffer.getShort() << 16);
    }
  },
  /** Whole numbers of 8 bits, each a multiple of its channel's scale ({@link ChannelScales}). */
  I8(1) {
    @Override
    float next(ByteBuffer buffer) {
      return buffer.get();
    }
  },
  /** Whole numbers of 64 bits: the counters that PyTorch keeps beside a BatchNorm. */
  I64(8) {
    @Override
    float next(ByteBuffer buffer) {
      return buffer.getLong();
    }
  };

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes per element. */
  public int bytes() {
    return bytes;
  }

  abstract float next(ByteBuffer buffer);

  /**
   * The half precision number nearest to a value, ties to even; infinite where that is beyond the
   * largest one, 65504.
   */
  public static short half(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    float size = Math.abs(value);
    if (size >= 65520) { // half way to the next power of two
      return (short) (sign | 0x7c00);
    }
    if (size < 0x1p-14f) { // below the normal numbers: multiples of 2^-24
      return (short) (sign | (int) Math.rint(size * 0x1p24f));
    }
    int rounded = (bits & 0x7fffffff) + 0xfff + (bits >>> 13 & 1);
    return (short) (sign | (rounded >>> 13) - (112 << 10));
  }

  /** The value of a half precision number. */
  public static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0) {
      float value = fraction * 0x1p-24f;
      return sign == 0 ? value : -value;
    }
    int wide = exponent == 31 ? 255 : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}

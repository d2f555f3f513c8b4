package io.neurograft.neural.safetensors;

import java.nio.ByteBuffer;

/** The number formats that are read; all become floats before the engine sees them. */
public enum ElementType {
  /** IEEE 754 single precision; the one that is written. */
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

  private static float half(short bits) {
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

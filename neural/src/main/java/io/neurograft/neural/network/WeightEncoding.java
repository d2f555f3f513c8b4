package io.neurograft.neural.network;

/**
 * In which numbers weights travel. What is encoded is a safetensors file like any other, which is
 * read as single precision. Vectors (biases, normalisation, running statistics) stay in single
 * precision: they are few, and a small error of theirs counts much.
 */
public enum WeightEncoding {
  /** Single precision, as they are. */
  NONE,
  /**
   * Half precision: a relative error of at most 2^-11, for values from 2^-14 on. A tensor with a
   * value beyond 65504 stays in single precision.
   */
  FLOAT16,
  /**
   * Whole numbers from -127 to 127 times a scale for each output channel (the first axis): an error
   * of at most half the scale, which is the channel's largest value divided by 127.
   */
  INT8
}

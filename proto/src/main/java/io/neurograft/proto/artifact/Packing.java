package io.neurograft.proto.artifact;

/** How an artifact's chunks are packed on their way; what arrives is the same. */
public enum Packing {
  /** Not at all. */
  NONE,
  /** By Zstandard, each chunk by itself, and only where that makes it smaller. */
  ZSTD
}

package io.neurograft.proto.transfer;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.neurograft.proto.artifact.ArtifactException;
import io.neurograft.proto.artifact.ArtifactException.Reason;
import io.neurograft.proto.artifact.Chunks;
import io.neurograft.proto.artifact.Packing;
import io.neurograft.proto.v1.Compression;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Zstandard for single chunks. What is unpacked never has more room than a chunk may have, whatever
 * it claims.
 */
final class ChunkCompression {
  /** How chunks may be compressed that this program receives. */
  static final List<Compression> READ = List.of(Compression.COMPRESSION_ZSTD);

  /** The fastest of the ordinary levels: a network is faster than the others. */
  private static final int LEVEL = 1;

  private ChunkCompression() {}

  /** What the wire calls a packing. */
  static Compression wire(Packing packing) {
    return switch (packing) {
      case NONE -> Compression.COMPRESSION_UNSPECIFIED;
      case ZSTD -> Compression.COMPRESSION_ZSTD;
    };
  }

  /** A chunk's bytes compressed; empty where they do not shrink. */
  static Optional<byte[]> compress(byte[] raw, int length) {
    byte[] packed = new byte[(int) Zstd.compressBound(length)];
    long size = Zstd.compressByteArray(packed, 0, packed.length, raw, 0, length, LEVEL);
    if (Zstd.isError(size)) {
      throw new IllegalStateException("zstd: " + Zstd.getErrorName(size));
    }
    return size < length ? Optional.of(Arrays.copyOf(packed, (int) size)) : Optional.empty();
  }

  /**
   * A chunk's bytes as they were.
   *
   * @throws ArtifactException BAD_CHUNK if it is compressed in a way that is not known, or does not
   *     unpack to just what it states
   */
  static List<ByteBuffer> restore(IncomingChunk chunk) throws ArtifactException {
    if (chunk.compression() == Compression.COMPRESSION_UNSPECIFIED_VALUE) {
      return chunk.data();
    }
    if (chunk.compression() != Compression.COMPRESSION_ZSTD_VALUE) {
      throw bad(chunk, "is compressed in a way that is not known here: " + chunk.compression());
    }
    if (chunk.rawSize() < 1 || chunk.rawSize() > Chunks.MAX_BYTES) {
      throw bad(chunk, "states " + chunk.rawSize() + " bytes, expected 1 to " + Chunks.MAX_BYTES);
    }
    byte[] packed = gathered(chunk);
    byte[] raw = new byte[(int) chunk.rawSize()];
    long size;
    try {
      size = Zstd.decompressByteArray(raw, 0, raw.length, packed, 0, packed.length);
    } catch (ZstdException e) {
      throw bad(chunk, "does not unpack: " + e.getMessage());
    }
    if (Zstd.isError(size)) {
      throw bad(chunk, "does not unpack: " + Zstd.getErrorName(size));
    }
    if (size != raw.length) {
      throw bad(chunk, "unpacks to " + size + " bytes, stated are " + raw.length);
    }
    return List.of(ByteBuffer.wrap(raw));
  }

  private static byte[] gathered(IncomingChunk chunk) throws ArtifactException {
    int length = chunk.data().stream().mapToInt(ByteBuffer::remaining).sum();
    if (length > Chunks.MAX_BYTES) {
      throw bad(chunk, "expected at most " + Chunks.MAX_BYTES + " bytes, found " + length);
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    chunk.data().forEach(all::put);
    return all.array();
  }

  private static ArtifactException bad(IncomingChunk chunk, String message) {
    return new ArtifactException(
        Reason.BAD_CHUNK, "the chunk at offset " + chunk.offset() + " " + message);
  }
}

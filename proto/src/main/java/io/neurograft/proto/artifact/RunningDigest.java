package io.neurograft.proto.artifact;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;

/**
 * The SHA-256 of an artifact while it arrives. Where its first bytes went by in another process,
 * the file is read at the end.
 *
 * <p>For one thread at a time.
 */
final class RunningDigest {
  /** Hashed at once; copied out of the transport's buffers, which are not arrays. */
  private static final int PIECE = 16 << 10;

  private final Optional<MessageDigest> sha256;
  private final byte[] piece = new byte[PIECE];
  private int filled;

  private RunningDigest(Optional<MessageDigest> sha256) {
    this.sha256 = sha256;
  }

  /** Of an artifact from its first byte on. */
  static RunningDigest fresh() {
    return new RunningDigest(Optional.of(Digest.sha256()));
  }

  /** Of an artifact of which nobody knows what came before. */
  static RunningDigest unknown() {
    return new RunningDigest(Optional.empty());
  }

  /** Adds the next bytes; reads the buffers to their limits. */
  void update(List<ByteBuffer> data) {
    if (sha256.isEmpty()) {
      return;
    }
    for (ByteBuffer buffer : data) {
      while (buffer.hasRemaining()) {
        int count = Math.min(PIECE - filled, buffer.remaining());
        buffer.get(piece, filled, count);
        filled += count;
        if (filled == PIECE) {
          sha256.get().update(piece);
          filled = 0;
        }
      }
    }
  }

  /** The digest of all; this ends it. */
  Digest finish(Path file) throws IOException {
    if (sha256.isEmpty()) {
      return Digest.of(file);
    }
    sha256.get().update(piece, 0, filled);
    return Digest.of(sha256.get());
  }
}

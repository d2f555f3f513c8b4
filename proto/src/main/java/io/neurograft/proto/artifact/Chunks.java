package io.neurograft.proto.artifact;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/** What both ends of a transfer agree on about chunks. */
public final class Chunks {
  /** The largest chunk, in bytes: 1 MiB. */
  public static final int MAX_BYTES = 1 << 20;

  private Chunks() {}

  /** The CRC32C of the bytes between buffers' positions and limits, which stay as they are. */
  public static int crc32c(List<ByteBuffer> data) {
    CRC32C crc = new CRC32C();
    data.forEach(piece -> crc.update(piece.duplicate()));
    return (int) crc.getValue();
  }
}

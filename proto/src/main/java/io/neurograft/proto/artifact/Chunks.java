package io.neurograft.proto.artifact;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** What both ends of a transfer agree on about chunks. */
public final class Chunks {
  /** The largest chunk, in bytes: 1 MiB. */
  public static final int MAX_BYTES = 1 << 20;

  private Chunks() {}

  /** The CRC32C of the bytes between a buffer's position and limit, which stay as they are. */
  public static int crc32c(ByteBuffer data) {
    CRC32C crc = new CRC32C();
    crc.update(data.duplicate());
    return (int) crc.getValue();
  }
}

package io.neurograft.proto.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A chunk that has arrived. Nothing of it is checked yet.
 *
 * @param compression the number that the wire has for it
 * @param data valid until this is closed
 * @param message where the data belongs to
 */
record IncomingChunk(
    long offset,
    int crc32c,
    int compression,
    long rawSize,
    List<ByteBuffer> data,
    WireReader message)
    implements Part, AutoCloseable {

  /** Gives the buffers back to the transport. */
  @Override
  public void close() throws IOException {
    message.close();
  }
}

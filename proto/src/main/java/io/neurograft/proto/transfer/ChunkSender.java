package io.neurograft.proto.transfer;

import io.grpc.stub.CallStreamObserver;
import io.neurograft.proto.artifact.Chunks;
import io.neurograft.proto.v1.Compression;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing side of a transfer: hands chunks of a file, from its position on, to a stream for as
 * long as the stream is ready, then ends it. Call {@link #pump} from the stream's on-ready handler;
 * gRPC runs those one at a time.
 */
final class ChunkSender implements AutoCloseable {
  /** What is queued in front of the transport before it is not ready: one chunk. */
  static final int READY_BYTES = Chunks.MAX_BYTES;

  /** Read and handed on at once: stays in the processor's cache. */
  private static final int PIECE = 64 << 10;

  private final CallStreamObserver<Part> out;
  private final FileChannel file;
  private final long size;
  private final Compression compression;
  private final TransferMeter meter;
  private final byte[] piece = new byte[PIECE];
  private long offset;
  private boolean ended;
  private @Nullable IOException failure;

  /**
   * Takes over the file and closes it.
   *
   * @param compression how chunks are compressed that shrink by it
   */
  ChunkSender(
      CallStreamObserver<Part> out, FileChannel file, Compression compression, TransferMeter meter)
      throws IOException {
    this.out = out;
    this.file = file;
    this.size = file.size();
    this.offset = file.position();
    this.compression = compression;
    this.meter = meter;
  }

  /** Sends chunks while the stream is ready. */
  void pump() throws IOException {
    while (!ended && out.isReady()) {
      if (offset == size) {
        ended = true;
        out.onCompleted();
      } else {
        OutgoingChunk chunk = next();
        out.onNext(chunk);
        if (failure != null) { // gRPC has swallowed it
          throw failure;
        }
        offset += chunk.rawSize();
        meter.sent(chunk.body().length());
      }
    }
  }

  /** Called when the call is over: until then the transport may still read the file. */
  @Override
  public void close() throws IOException {
    ended = true;
    file.close();
  }

  private OutgoingChunk next() throws IOException {
    int length = (int) Math.min(Chunks.MAX_BYTES, size - offset);
    if (compression == Compression.COMPRESSION_ZSTD) {
      ByteBuffer raw = ByteBuffer.allocate(length);
      fill(raw, offset);
      Optional<byte[]> packed = ChunkCompression.compress(raw.array(), length);
      if (packed.isPresent()) {
        return new OutgoingChunk(
            offset, length, compression, new Packed(raw.array(), packed.get()));
      }
    }
    return new OutgoingChunk(
        offset, length, Compression.COMPRESSION_UNSPECIFIED, new Region(offset, length));
  }

  private void fill(ByteBuffer buffer, long from) throws IOException {
    while (buffer.hasRemaining()) {
      if (file.read(buffer, from + buffer.position()) < 0) {
        throw new EOFException("the file became shorter while it was sent");
      }
    }
  }

  /** A piece of the file, read when it is written. */
  private final class Region implements OutgoingChunk.Body {
    private final long from;
    private final int length;

    Region(long from, int length) {
      this.from = from;
      this.length = length;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public void writeTo(OutputStream target, CRC32C crc) throws IOException {
      try {
        for (int done = 0; done < length; done += PIECE) {
          ByteBuffer buffer = ByteBuffer.wrap(piece, 0, Math.min(PIECE, length - done));
          fill(buffer, from + done);
          crc.update(piece, 0, buffer.position());
          target.write(piece, 0, buffer.position());
        }
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  /** Compressed bytes. */
  private static final class Packed implements OutgoingChunk.Body {
    private final byte[] raw;
    private final byte[] packed;

    Packed(byte[] raw, byte[] packed) {
      this.raw = raw;
      this.packed = packed;
    }

    @Override
    public int length() {
      return packed.length;
    }

    @Override
    public void writeTo(OutputStream target, CRC32C crc) throws IOException {
      crc.update(raw, 0, raw.length);
      target.write(packed);
    }
  }
}

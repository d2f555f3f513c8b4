package io.neurograft.proto.transfer;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.CallStreamObserver;
import io.neurograft.proto.artifact.Chunks;
import io.neurograft.proto.v1.Chunk;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.Function;

/**
 * The outgoing side of a transfer: reads a file from its position on and hands chunks to a stream
 * for as long as the stream is ready, then ends it. Call {@link #pump} from the stream's on-ready
 * handler; gRPC runs those one at a time.
 *
 * @param <M> the stream's message
 */
final class ChunkSender<M> implements AutoCloseable {
  private final CallStreamObserver<M> out;
  private final FileChannel file;
  private final long size;
  private final Function<Chunk, M> message;
  private final TransferMeter meter;
  private long offset;
  private boolean ended;

  /** Takes over the file and closes it. */
  ChunkSender(
      CallStreamObserver<M> out, FileChannel file, Function<Chunk, M> message, TransferMeter meter)
      throws IOException {
    this.out = out;
    this.file = file;
    this.size = file.size();
    this.offset = file.position();
    this.message = message;
    this.meter = meter;
  }

  /** Sends chunks while the stream is ready. */
  void pump() throws IOException {
    while (!ended && out.isReady()) {
      if (offset == size) {
        close();
        out.onCompleted();
      } else {
        Chunk chunk = next();
        out.onNext(message.apply(chunk));
        offset += chunk.getData().size();
        meter.sent(chunk.getData().size());
      }
    }
  }

  @Override
  public void close() throws IOException {
    ended = true;
    file.close();
  }

  private Chunk next() throws IOException {
    // Each chunk has a buffer of its own that nobody writes again, so it can be wrapped unsafely:
    // the transport still reads it after onNext has returned.
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(Chunks.MAX_BYTES, size - offset));
    while (buffer.hasRemaining()) {
      if (file.read(buffer) < 0) {
        throw new EOFException("the file became shorter while it was sent");
      }
    }
    buffer.flip();
    return Chunk.newBuilder()
        .setOffset(offset)
        .setCrc32C(Chunks.crc32c(buffer))
        .setData(UnsafeByteOperations.unsafeWrap(buffer))
        .build();
  }
}

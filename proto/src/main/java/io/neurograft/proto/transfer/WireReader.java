package io.neurograft.proto.transfer;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads protobuf's wire format from a message that has arrived. Long bytes are not copied where the
 * transport lends its buffers: they stay valid until the reader is closed.
 */
final class WireReader implements AutoCloseable {
  private static final int MAX_VARINT_BYTES = 10;

  private final InputStream in;
  private final boolean lends;
  private final int size;
  private int position;

  WireReader(InputStream message) throws IOException {
    if (!(message instanceof KnownLength)) { // such as one that gRPC itself decompresses
      this.in = new ByteArrayInputStream(message.readAllBytes());
    } else {
      // What is detached is this reader's, beyond the call that brought the message.
      this.in = message instanceof Detachable detachable ? detachable.detach() : message;
    }
    this.size = in.available();
    this.lends =
        in instanceof HasByteBuffer buffers && buffers.byteBufferSupported() && in.markSupported();
    if (lends) {
      in.mark(size); // otherwise a buffer is freed as soon as it was read
    }
  }

  /** How many bytes were read. */
  int position() {
    return position;
  }

  /** The length of the message, in bytes. */
  int size() {
    return size;
  }

  long varint() throws IOException {
    long value = 0;
    for (int i = 0; i < MAX_VARINT_BYTES; i++) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      position++;
      value |= (long) (next & 0x7f) << (7 * i);
      if (next < 0x80) {
        return value;
      }
    }
    throw new InvalidProtocolBufferException("a number of more than ten bytes");
  }

  int fixed32() throws IOException {
    byte[] bytes = bytes(4);
    return ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt();
  }

  /** A length that what is left can have. */
  int length() throws IOException {
    long length = varint();
    if (length < 0 || length > size - position) {
      throw new EOFException();
    }
    return (int) length;
  }

  byte[] bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    position += bytes.length;
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  /** The next bytes, in the transport's own buffers where it lends them. */
  List<ByteBuffer> buffers(int length) throws IOException {
    if (!lends) {
      return List.of(ByteBuffer.wrap(bytes(length)));
    }
    List<ByteBuffer> buffers = new ArrayList<>();
    int left = length;
    while (left > 0) {
      ByteBuffer next = ((HasByteBuffer) in).getByteBuffer();
      int count = Math.min(left, next == null ? 0 : next.remaining());
      if (next == null || count == 0) {
        throw new EOFException();
      }
      buffers.add(next.slice(next.position(), count));
      in.skipNBytes(count);
      position += count;
      left -= count;
    }
    return buffers;
  }

  /** Passes over a field that is not known, such as one of a newer version. */
  void skip(int tag) throws IOException {
    int count =
        switch (tag & 7) {
          case 0 -> {
            var unused = varint();
            yield 0;
          }
          case 1 -> 8;
          case 2 -> length();
          case 5 -> 4;
          default -> throw new InvalidProtocolBufferException("a field of an unknown kind");
        };
    in.skipNBytes(count);
    position += count;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

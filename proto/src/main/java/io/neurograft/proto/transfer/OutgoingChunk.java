package io.neurograft.proto.transfer;

import com.google.protobuf.CodedOutputStream;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.neurograft.proto.v1.Chunk;
import io.neurograft.proto.v1.Compression;
import io.neurograft.proto.v1.UploadArtifactRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A chunk that is to be sent. Its bytes are read when the transport takes them, and the CRC32C that
 * is written after them is made on the way.
 *
 * @param rawSize how many bytes of the artifact it stands for
 */
record OutgoingChunk(long offset, int rawSize, Compression compression, Body body) implements Part {
  /** A chunk's bytes. */
  interface Body {
    /** How many they are on the wire. */
    int length();

    /** Writes them, and updates the CRC32C with what they are uncompressed. */
    void writeTo(OutputStream out, CRC32C crc) throws IOException;
  }

  private boolean compressed() {
    return compression != Compression.COMPRESSION_UNSPECIFIED;
  }

  /** The message. */
  InputStream stream() {
    return new Message(this);
  }

  private int chunkLength() {
    int offsetLength =
        offset == 0 ? 0 : CodedOutputStream.computeInt64Size(Chunk.OFFSET_FIELD_NUMBER, offset);
    int dataLength =
        CodedOutputStream.computeTagSize(Chunk.DATA_FIELD_NUMBER)
            + CodedOutputStream.computeUInt32SizeNoTag(body.length())
            + body.length();
    return offsetLength
        + dataLength
        + CodedOutputStream.computeFixed32Size(Chunk.CRC32C_FIELD_NUMBER, 0)
        + (compressed()
            ? CodedOutputStream.computeEnumSize(
                    Chunk.COMPRESSION_FIELD_NUMBER, compression.getNumber())
                + CodedOutputStream.computeInt32Size(Chunk.RAW_SIZE_FIELD_NUMBER, rawSize)
            : 0);
  }

  private int length() {
    int chunk = chunkLength();
    return CodedOutputStream.computeTagSize(UploadArtifactRequest.CHUNK_FIELD_NUMBER)
        + CodedOutputStream.computeUInt32SizeNoTag(chunk)
        + chunk;
  }

  private void writeTo(OutputStream out) throws IOException {
    CodedOutputStream before = CodedOutputStream.newInstance(out, 64);
    before.writeTag(UploadArtifactRequest.CHUNK_FIELD_NUMBER, 2);
    before.writeUInt32NoTag(chunkLength());
    if (offset != 0) {
      before.writeInt64(Chunk.OFFSET_FIELD_NUMBER, offset);
    }
    before.writeTag(Chunk.DATA_FIELD_NUMBER, 2);
    before.writeUInt32NoTag(body.length());
    before.flush();
    CRC32C crc = new CRC32C();
    body.writeTo(out, crc);
    CodedOutputStream after = CodedOutputStream.newInstance(out, 64);
    after.writeFixed32(Chunk.CRC32C_FIELD_NUMBER, (int) crc.getValue());
    if (compressed()) {
      after.writeEnum(Chunk.COMPRESSION_FIELD_NUMBER, compression.getNumber());
      after.writeInt32(Chunk.RAW_SIZE_FIELD_NUMBER, rawSize);
    }
    after.flush();
  }

  /** What gRPC takes for a message. It is drained; whoever reads it instead gets a copy. */
  private static final class Message extends InputStream implements Drainable, KnownLength {
    private final OutgoingChunk chunk;
    private final int length;
    private boolean drained;
    private @Nullable InputStream copy;

    Message(OutgoingChunk chunk) {
      this.chunk = chunk;
      this.length = chunk.length();
    }

    @Override
    public int drainTo(OutputStream out) throws IOException {
      drained = true;
      chunk.writeTo(out);
      return length;
    }

    @Override
    public int available() throws IOException {
      return copy != null ? copy.available() : drained ? 0 : length;
    }

    @Override
    public int read() throws IOException {
      return copy().read();
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      return copy().read(target, from, count);
    }

    private InputStream copy() throws IOException {
      if (copy == null) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(length);
        drainTo(all);
        copy = new ByteArrayInputStream(all.toByteArray());
      }
      return copy;
    }
  }
}

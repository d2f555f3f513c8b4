package io.neurograft.proto.transfer;

import io.grpc.MethodDescriptor.Marshaller;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.Chunk;
import io.neurograft.proto.v1.UploadArtifactRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes and reads {@link Part}s as protobuf does, without copying what they carry. */
final class PartMarshaller implements Marshaller<Part> {
  static final PartMarshaller INSTANCE = new PartMarshaller();

  /** The wire's kinds of fields that are used here. */
  private static final int VARINT = 0;

  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private PartMarshaller() {}

  @Override
  public InputStream stream(Part part) {
    if (part instanceof OutgoingChunk chunk) {
      return chunk.stream();
    }
    if (part instanceof Part.Header header) {
      return new ByteArrayInputStream(
          UploadArtifactRequest.newBuilder().setHeader(header.artifact()).build().toByteArray());
    }
    throw new IllegalArgumentException("not to be sent: " + part);
  }

  @Override
  public Part parse(InputStream message) {
    try {
      WireReader reader = new WireReader(message);
      Part part = new Part.Malformed("");
      try {
        part = read(reader);
        return part;
      } finally {
        if (!(part instanceof IncomingChunk)) { // which keeps the buffers
          reader.close();
        }
      }
    } catch (IOException e) {
      return new Part.Malformed("expected a protobuf message (" + e + ")");
    }
  }

  /** As protobuf does, takes the last of several. */
  private static Part read(WireReader in) throws IOException {
    Part part = new Part.Malformed("expected a header or a chunk");
    while (in.position() < in.size()) {
      int tag = (int) in.varint();
      if (tag == tag(UploadArtifactRequest.HEADER_FIELD_NUMBER, LENGTH)) {
        part = new Part.Header(Artifact.parseFrom(in.bytes(in.length())));
      } else if (tag == tag(UploadArtifactRequest.CHUNK_FIELD_NUMBER, LENGTH)) {
        part = chunk(in, in.length());
      } else {
        in.skip(tag);
      }
    }
    return part;
  }

  private static IncomingChunk chunk(WireReader in, int length) throws IOException {
    int end = in.position() + length;
    long offset = 0;
    int crc = 0;
    int compression = 0;
    long rawSize = 0;
    List<ByteBuffer> data = List.of();
    while (in.position() < end) {
      int tag = (int) in.varint();
      if (tag == tag(Chunk.OFFSET_FIELD_NUMBER, VARINT)) {
        offset = in.varint();
      } else if (tag == tag(Chunk.DATA_FIELD_NUMBER, LENGTH)) {
        data = in.buffers(in.length());
      } else if (tag == tag(Chunk.CRC32C_FIELD_NUMBER, FIXED32)) {
        crc = in.fixed32();
      } else if (tag == tag(Chunk.COMPRESSION_FIELD_NUMBER, VARINT)) {
        compression = (int) in.varint();
      } else if (tag == tag(Chunk.RAW_SIZE_FIELD_NUMBER, VARINT)) {
        rawSize = in.varint();
      } else {
        in.skip(tag);
      }
    }
    if (in.position() != end) {
      throw new IOException("a chunk that ends within a field");
    }
    return new IncomingChunk(offset, crc, compression, rawSize, data, in);
  }

  private static int tag(int field, int kind) {
    return field << 3 | kind;
  }
}

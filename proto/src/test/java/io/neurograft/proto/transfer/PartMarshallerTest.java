package io.neurograft.proto.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.neurograft.proto.artifact.ArtifactException;
import io.neurograft.proto.artifact.Chunks;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.Chunk;
import io.neurograft.proto.v1.Compression;
import io.neurograft.proto.v1.DownloadArtifactResponse;
import io.neurograft.proto.v1.UploadArtifactRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PartMarshallerTest {
  private static final PartMarshaller MARSHALLER = PartMarshaller.INSTANCE;

  /** What is written is byte for byte what protobuf writes, in both directions' messages. */
  @Property(tries = 200)
  void stream_anyChunk_isWhatProtobufWrites(
      @ForAll @LongRange(min = 0) long offset, @ForAll @Size(min = 1, max = 3000) byte[] data)
      throws IOException {
    byte[] written = MARSHALLER.stream(plain(offset, data)).readAllBytes();
    Chunk chunk =
        Chunk.newBuilder()
            .setOffset(offset)
            .setData(ByteString.copyFrom(data))
            .setCrc32C(Chunks.crc32c(List.of(ByteBuffer.wrap(data))))
            .build();
    assertThat(written)
        .isEqualTo(UploadArtifactRequest.newBuilder().setChunk(chunk).build().toByteArray())
        .isEqualTo(DownloadArtifactResponse.newBuilder().setChunk(chunk).build().toByteArray());
  }

  @Property(tries = 200)
  void parse_whatProtobufWrites_isTheSame(
      @ForAll @LongRange(min = 0) long offset,
      @ForAll int crc,
      @ForAll @IntRange(min = 0, max = 1 << 20) int rawSize,
      @ForAll @Size(max = 300) byte[] data)
      throws IOException {
    Chunk chunk =
        Chunk.newBuilder()
            .setOffset(offset)
            .setData(ByteString.copyFrom(data))
            .setCrc32C(crc)
            .setCompression(Compression.COMPRESSION_ZSTD)
            .setRawSize(rawSize)
            .build();
    try (IncomingChunk read = incoming(chunk)) {
      assertThat(read.offset()).isEqualTo(offset);
      assertThat(read.crc32c()).isEqualTo(crc);
      assertThat(read.rawSize()).isEqualTo(rawSize);
      assertThat(read.compression()).isEqualTo(Compression.COMPRESSION_ZSTD_VALUE);
      assertThat(ByteString.copyFrom(bytes(read.data()))).isEqualTo(chunk.getData());
    }
  }

  @Test
  void parse_aHeader_isTheSame() {
    Artifact artifact =
        Artifact.newBuilder()
            .setDigest("a".repeat(64))
            .setSize(5L << 30)
            .setKind(ArtifactKind.ARTIFACT_KIND_WEIGHTS)
            .build();
    assertThat(MARSHALLER.parse(MARSHALLER.stream(new Part.Header(artifact))))
        .isEqualTo(new Part.Header(artifact));
  }

  /** Whatever comes: a part, and never an exception, which would end the call without a word. */
  @Property(tries = 1000)
  void parse_anyBytes_isSomePart(@ForAll @Size(max = 40) byte[] bytes) throws IOException {
    Part part = MARSHALLER.parse(new ByteArrayInputStream(bytes));
    if (part instanceof IncomingChunk chunk) {
      assertThat(bytes(chunk.data()).length).isLessThan(bytes.length);
      chunk.close();
    }
  }

  @Property(tries = 200)
  void parse_cutAnywhere_isMalformedOrLess(@ForAll @IntRange(min = 0, max = 120) int length) {
    byte[] whole =
        UploadArtifactRequest.newBuilder()
            .setChunk(Chunk.newBuilder().setOffset(77).setData(ByteString.copyFrom(new byte[100])))
            .build()
            .toByteArray();
    if (length < whole.length) {
      assertThat(MARSHALLER.parse(new ByteArrayInputStream(whole, 0, length)))
          .isInstanceOf(Part.Malformed.class);
    }
  }

  @Property(tries = 50)
  void restore_compressed_isWhatItWas(
      @ForAll long seed, @ForAll @IntRange(min = 100, max = 1 << 20) int size) throws IOException {
    byte[] raw = compressible(seed, size);
    byte[] packed = ChunkCompression.compress(raw, size).orElseThrow();
    assertThat(packed.length).isLessThan(size);
    try (IncomingChunk chunk = packed(packed, size)) {
      assertThat(bytes(ChunkCompression.restore(chunk))).isEqualTo(raw);
    }
  }

  @Test
  void compress_randomBytes_areLeftAsTheyAre() {
    byte[] random = new byte[1 << 20];
    new Random(5).nextBytes(random);
    assertThat(ChunkCompression.compress(random, random.length)).isEmpty();
  }

  @Test
  void restore_moreThanStatedOrAllowed_isRefused() throws IOException {
    byte[] large = Zstd.compress(new byte[64 << 20]); // a few kilobytes that stand for 64 MiB
    refused(large, 1 << 20);
    refused(large, 64 << 20);
    refused(large, 100);
    refused(Zstd.compress(new byte[1000]), 999);
    refused(Zstd.compress(new byte[1000]), 1001);
    refused(Zstd.compress(new byte[1000]), 0);
    refused(Zstd.compress(new byte[1000]), -1);
    refused(new byte[0], 1000);
  }

  @Property(tries = 300)
  void restore_garbage_isRefused(@ForAll @Size(min = 1, max = 60) byte[] garbage)
      throws IOException {
    refused(garbage, 1000);
  }

  private static void refused(byte[] packed, int rawSize) throws IOException {
    try (IncomingChunk chunk = packed(packed, rawSize)) {
      assertThatThrownBy(() -> ChunkCompression.restore(chunk))
          .isInstanceOfSatisfying(
              ArtifactException.class,
              e -> assertThat(e.reason()).isEqualTo(ArtifactException.Reason.BAD_CHUNK));
    }
  }

  static byte[] compressible(long seed, int size) {
    byte[] bytes = new byte[size];
    Random random = new Random(seed);
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) random.nextInt(4);
    }
    return bytes;
  }

  private static IncomingChunk packed(byte[] data, int rawSize) {
    return incoming(
        Chunk.newBuilder()
            .setData(ByteString.copyFrom(data))
            .setCompression(Compression.COMPRESSION_ZSTD)
            .setRawSize(rawSize)
            .build());
  }

  private static IncomingChunk incoming(Chunk chunk) {
    byte[] message = UploadArtifactRequest.newBuilder().setChunk(chunk).build().toByteArray();
    return (IncomingChunk) MARSHALLER.parse(new ByteArrayInputStream(message));
  }

  private static byte[] bytes(List<ByteBuffer> buffers) {
    ByteBuffer all = ByteBuffer.allocate(buffers.stream().mapToInt(ByteBuffer::remaining).sum());
    buffers.forEach(buffer -> all.put(buffer.duplicate()));
    return all.array();
  }

  private static OutgoingChunk plain(long offset, byte[] data) {
    return new OutgoingChunk(
        offset,
        data.length,
        Compression.COMPRESSION_UNSPECIFIED,
        new OutgoingChunk.Body() {
          @Override
          public int length() {
            return data.length;
          }

          @Override
          public void writeTo(OutputStream out, CRC32C crc) throws IOException {
            crc.update(data, 0, data.length);
            out.write(data);
          }
        });
  }
}

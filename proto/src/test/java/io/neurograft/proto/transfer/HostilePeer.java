package io.neurograft.proto.transfer;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import io.neurograft.proto.artifact.Chunks;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.proto.v1.Artifact;
import io.neurograft.proto.v1.ArtifactKind;
import io.neurograft.proto.v1.Chunk;
import io.neurograft.proto.v1.Compression;
import io.neurograft.proto.v1.UploadArtifactRequest;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * What a peer sends, read from a fuzz test's input: a byte for each message says whether it is
 * right, wrong in one place, or any bytes. Otherwise no fuzzer would guess a digest or a checksum,
 * and never get beyond the first message.
 */
final class HostilePeer {
  /** No more than this is read of an input. */
  static final int MOST_STEPS = 32;

  /** What a peer does next. */
  enum Step {
    HEADER,
    WRONG_HEADER,
    CHUNK,
    LAST_CHUNK,
    PACKED_CHUNK,
    WRONG_CHUNK,
    WRONGLY_PACKED_CHUNK,
    ANY_BYTES,
    END,
    BREAK
  }

  private static final byte[] CONTENT = content();
  private static final byte[] OTHER_CONTENT = new byte[CONTENT.length];

  /** The artifact of the right messages. */
  static final Artifact ARTIFACT =
      Artifact.newBuilder()
          .setDigest(Digest.of(CONTENT).hex())
          .setSize(CONTENT.length)
          .setKind(ArtifactKind.ARTIFACT_KIND_WEIGHTS)
          .build();

  private final ByteBuffer input;
  private int steps;

  HostilePeer(byte[] input) {
    this.input = ByteBuffer.wrap(input);
  }

  boolean hasNext() {
    return input.hasRemaining() && steps < MOST_STEPS;
  }

  Step next() {
    steps++;
    Step[] all = Step.values();
    return all[Byte.toUnsignedInt(input.get()) % all.length];
  }

  /**
   * The message of a step, by way of its bytes.
   *
   * @param stored how much of the artifact the receiver has
   */
  Part part(Step step, long stored) {
    int from = (int) Math.max(0, Math.min(stored, CONTENT.length));
    byte[] message =
        switch (step) {
          case HEADER -> header(ARTIFACT);
          case WRONG_HEADER ->
              header(
                  ARTIFACT.toBuilder()
                      .setSize(number())
                      .setKindValue((int) number() & 7)
                      .setDigest(hex())
                      .build());
          case CHUNK -> chunk(plain(from, 1 + ((int) number() & 0x7ff)));
          case LAST_CHUNK -> chunk(plain(from, CONTENT.length));
          case PACKED_CHUNK -> chunk(packed(from));
          case WRONG_CHUNK -> chunk(wrong(plain(from, 100)));
          case WRONGLY_PACKED_CHUNK -> chunk(wrong(packed(from)).setData(bytes()));
          default -> bytes().toByteArray();
        };
    return PartMarshaller.INSTANCE.parse(new ByteArrayInputStream(message));
  }

  private Chunk.Builder plain(int from, int length) {
    return chunkOf(Arrays.copyOfRange(content(from), from, Math.min(CONTENT.length, from + length)))
        .setOffset(from);
  }

  private static Chunk.Builder chunkOf(byte[] data) {
    return Chunk.newBuilder()
        .setData(ByteString.copyFrom(data))
        .setCrc32C(Chunks.crc32c(List.of(ByteBuffer.wrap(data))));
  }

  private Chunk.Builder packed(int from) {
    Chunk.Builder chunk = plain(from, CONTENT.length);
    return chunk
        .setRawSize(chunk.getData().size())
        .setCompression(Compression.COMPRESSION_ZSTD)
        .setData(ByteString.copyFrom(Zstd.compress(chunk.getData().toByteArray(), 1)));
  }

  private Chunk.Builder wrong(Chunk.Builder chunk) {
    return switch ((int) number() & 3) {
      case 0 -> chunk.setOffset(number());
      case 1 -> chunk.setCrc32C((int) number());
      case 2 -> chunk.setRawSize((int) number());
      default -> chunk.setCompressionValue((int) number());
    };
  }

  /** Sometimes that of another artifact, whose digest is not the right one. */
  private byte[] content(int from) {
    return from > 0 && input.hasRemaining() && input.get() == 1 ? OTHER_CONTENT : CONTENT;
  }

  private String hex() {
    return number() % 2 == 0 ? ARTIFACT.getDigest() : bytes().toStringUtf8();
  }

  /** The input's next number: a byte, or what eight bytes say behind one that is negative. */
  private long number() {
    if (!input.hasRemaining()) {
      return 0;
    }
    byte small = input.get();
    return small >= 0 || input.remaining() < Long.BYTES ? small : input.getLong();
  }

  private ByteString bytes() {
    int length = Math.min(input.remaining(), (int) number() & 0x7f);
    byte[] bytes = new byte[Math.min(length, input.remaining())];
    input.get(bytes);
    return ByteString.copyFrom(bytes);
  }

  private static byte[] header(Artifact artifact) {
    return UploadArtifactRequest.newBuilder().setHeader(artifact).build().toByteArray();
  }

  private static byte[] chunk(Chunk.Builder chunk) {
    return UploadArtifactRequest.newBuilder().setChunk(chunk).build().toByteArray();
  }

  private static byte[] content() {
    byte[] content = new byte[3000];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) ((i * i) >> 4);
    }
    return content;
  }
}

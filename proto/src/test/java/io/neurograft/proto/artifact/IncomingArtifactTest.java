package io.neurograft.proto.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class IncomingArtifactTest {
  /** However it is cut, interrupted and disturbed: what is complete has the right bytes. */
  @Property(tries = 100)
  void append_anyCutsCrashesAndDisturbances_endsWithTheSameBytes(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 50_000) int size) throws IOException {
    Random random = new Random(seed);
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    Digest digest = Digest.of(bytes);
    Path path = Files.createTempDirectory("artifacts");
    try {
      ArtifactFolder folder = ArtifactFolder.open(path);
      while (!folder.contains(digest)) {
        deliver(ArtifactFolder.open(path), digest, bytes, random);
      }
      assertThat(path.resolve(digest.hex())).hasBinaryContent(bytes);
    } finally {
      try (var files = Files.walk(path)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  private static void deliver(ArtifactFolder folder, Digest digest, byte[] bytes, Random random)
      throws IOException {
    try (IncomingArtifact incoming = folder.receive(digest, bytes.length)) {
      while (!incoming.complete() && random.nextInt(20) > 0) {
        int offset = (int) incoming.stored();
        int length = 1 + random.nextInt(Math.min(bytes.length - offset, 10_000));
        ByteBuffer chunk = ByteBuffer.wrap(bytes, offset, length);
        int crc = Chunks.crc32c(List.of(chunk));
        try {
          switch (random.nextInt(6)) {
            case 0 -> incoming.append(offset + 1L, List.of(chunk), crc);
            case 1 -> incoming.append(offset, List.of(chunk), crc + 1);
            default -> incoming.append(offset, List.of(chunk), crc);
          }
        } catch (ArtifactException e) {
          assertThat(e.reason()).isEqualTo(ArtifactException.Reason.BAD_CHUNK);
        }
      }
    }
  }
}

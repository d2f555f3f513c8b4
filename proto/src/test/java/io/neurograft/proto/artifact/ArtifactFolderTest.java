package io.neurograft.proto.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.proto.artifact.ArtifactException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactFolderTest {
  private static final byte[] BYTES = bytes(300_000, 1);
  private static final Digest DIGEST = Digest.of(BYTES);

  @TempDir Path temporary;
  private Path path;
  private ArtifactFolder folder;

  @BeforeEach
  void open() throws IOException {
    path = temporary.resolve("artifacts");
    folder = ArtifactFolder.open(path, 1 << 30, 0);
  }

  @Test
  void append_allChunksInOrder_completesUnderItsDigest() throws IOException {
    try (IncomingArtifact incoming = folder.receive(DIGEST, BYTES.length)) {
      send(incoming, 0, 100_000);
      send(incoming, 100_000, 200_000);
      assertThat(folder.contains(DIGEST)).isFalse();
      send(incoming, 200_000, 300_000);
      assertThat(incoming.complete()).isTrue();
    }

    assertThat(folder.find(DIGEST)).contains(path.resolve(DIGEST.hex()));
    assertThat(path.resolve(DIGEST.hex())).hasBinaryContent(BYTES);
    assertThat(path.resolve("incoming")).isEmptyDirectory();
  }

  @Test
  void append_gapRepetitionOrOverrun_isRefusedAndChangesNothing() throws IOException {
    try (IncomingArtifact incoming = folder.receive(DIGEST, BYTES.length)) {
      send(incoming, 0, 1000);

      assertRefused(Reason.BAD_CHUNK, () -> send(incoming, 2000, 3000));
      assertRefused(Reason.BAD_CHUNK, () -> send(incoming, 0, 1000));
      assertRefused(Reason.BAD_CHUNK, () -> append(incoming, 1000, new byte[BYTES.length]));
      assertRefused(Reason.BAD_CHUNK, () -> append(incoming, 1000, new byte[0]));
      assertRefused(Reason.BAD_CHUNK, () -> append(incoming, 1000, new byte[(1 << 20) + 1]));

      send(incoming, 1000, BYTES.length);
      assertThat(incoming.complete()).isTrue();
    }
  }

  @Test
  void append_damagedChunk_isRefusedAndCanBeSentAgain() throws IOException {
    try (IncomingArtifact incoming = folder.receive(DIGEST, BYTES.length)) {
      ByteBuffer chunk = ByteBuffer.wrap(BYTES, 0, 1000);
      assertRefused(
          Reason.BAD_CHUNK,
          () -> incoming.append(0, List.of(chunk), Chunks.crc32c(List.of(chunk)) ^ 0x10));
      assertThat(incoming.stored()).isZero();

      send(incoming, 0, BYTES.length);
      assertThat(incoming.complete()).isTrue();
    }
  }

  @Test
  void append_wrongBytesWithRightChecksums_deletesWhatWasStored() throws IOException {
    byte[] forged = BYTES.clone();
    forged[77]++;
    try (IncomingArtifact incoming = folder.receive(DIGEST, BYTES.length)) {
      assertRefused(Reason.WRONG_DIGEST, () -> append(incoming, 0, forged));
    }

    assertThat(folder.contains(DIGEST)).isFalse();
    assertThat(path.resolve("incoming")).isEmptyDirectory();
    try (IncomingArtifact again = folder.receive(DIGEST, BYTES.length)) {
      assertThat(again.stored()).isZero();
    }
  }

  @Test
  void receive_afterACrash_goesOnAtTheStoredOffset() throws IOException {
    try (IncomingArtifact incoming = folder.receive(DIGEST, BYTES.length)) {
      send(incoming, 0, 123_456);
    }

    ArtifactFolder reopened = ArtifactFolder.open(path);
    try (IncomingArtifact incoming = reopened.receive(DIGEST, BYTES.length)) {
      assertThat(incoming.stored()).isEqualTo(123_456);
      send(incoming, 123_456, BYTES.length);
      assertThat(incoming.complete()).isTrue();
    }
    assertThat(path.resolve(DIGEST.hex())).hasBinaryContent(BYTES);
  }

  @Test
  void receive_afterACrashThatLostWrittenBytes_findsOutByTheDigest() throws IOException {
    // A power loss can leave a file longer than what of it reached the disk.
    Files.write(path.resolve("incoming").resolve(DIGEST.hex() + ".part"), new byte[1000]);

    try (IncomingArtifact incoming = folder.receive(DIGEST, BYTES.length)) {
      assertThat(incoming.stored()).isEqualTo(1000);
      assertRefused(Reason.WRONG_DIGEST, () -> send(incoming, 1000, BYTES.length));
    }
    assertThat(folder.contains(DIGEST)).isFalse();
  }

  @Test
  void receive_allBytesButNoName_completesAtOnce() throws IOException {
    Files.write(path.resolve("incoming").resolve(DIGEST.hex() + ".part"), BYTES);

    try (IncomingArtifact incoming = folder.receive(DIGEST, BYTES.length)) {
      assertThat(incoming.complete()).isTrue();
    }
    assertThat(folder.contains(DIGEST)).isTrue();
  }

  @Test
  void receive_partLongerThanTheArtifact_startsAnew() throws IOException {
    Files.write(path.resolve("incoming").resolve(DIGEST.hex() + ".part"), bytes(400_000, 2));

    try (IncomingArtifact incoming = folder.receive(DIGEST, BYTES.length)) {
      assertThat(incoming.stored()).isZero();
      send(incoming, 0, BYTES.length);
    }
    assertThat(path.resolve(DIGEST.hex())).hasBinaryContent(BYTES);
  }

  @Test
  void receive_whileAnotherWrites_isBusyUntilThatOneCloses() throws IOException {
    IncomingArtifact first = folder.receive(DIGEST, BYTES.length);
    assertRefused(Reason.BUSY, () -> folder.receive(DIGEST, BYTES.length).close());
    first.close();

    try (IncomingArtifact second = folder.receive(DIGEST, BYTES.length)) {
      // Closing the first once more must not free the second's claim.
      first.close();
      assertRefused(Reason.BUSY, () -> folder.receive(DIGEST, BYTES.length).close());
      assertThat(second.complete()).isFalse();
    }
  }

  @Test
  void receive_whatIsHere_isCompleteAndNeedsTheSameSize() throws IOException {
    store();

    try (IncomingArtifact again = folder.receive(DIGEST, BYTES.length)) {
      assertThat(again.complete()).isTrue();
      assertThat(again.stored()).isEqualTo(BYTES.length);
    }
    assertRefused(Reason.BAD_SIZE, () -> folder.receive(DIGEST, 5).close());
  }

  @Test
  void receive_sizeOutOfBounds_isRefused() {
    assertRefused(Reason.BAD_SIZE, () -> folder.receive(DIGEST, 0).close());
    assertRefused(Reason.BAD_SIZE, () -> folder.receive(DIGEST, (1L << 30) + 1).close());
  }

  @Test
  void receive_moreThanTheDiskHolds_saysSoBeforeAnythingIsSent() throws IOException {
    ArtifactFolder boundless = ArtifactFolder.open(path, Long.MAX_VALUE, 0);

    assertRefused(Reason.NO_ROOM, () -> boundless.receive(DIGEST, Long.MAX_VALUE / 2).close());
  }

  @Test
  void receive_severalThatTogetherTakeTooMuch_waitUntilOthersAreOver() throws IOException {
    long most = Files.getFileStore(path).getUsableSpace() * 6 / 10;
    ArtifactFolder boundless = ArtifactFolder.open(path, Long.MAX_VALUE, 0);
    Digest other = Digest.of(new byte[] {1});

    try (IncomingArtifact first = boundless.receive(DIGEST, most)) {
      assertRefused(Reason.NO_ROOM, () -> boundless.receive(other, most).close());
      assertRefused(Reason.NO_ROOM, () -> boundless.requireRoom("a file", most));
      send(first, 0, 1000);
    }
    for (int i = 0; i < 3; i++) {
      boundless.receive(other, most).close(); // what is closed awaits nothing
    }
  }

  @Test
  void disk_whatIsKeptFree_isTakenByNothing() throws IOException {
    store();
    long free = Files.getFileStore(path).getUsableSpace();
    ArtifactFolder full = ArtifactFolder.open(path, 1 << 30, Math.max(2 * free, 1L << 40));
    Path file = Files.write(temporary.resolve("file"), BYTES);

    assertRefused(Reason.NO_ROOM, () -> full.receive(Digest.of(new byte[] {1}), 1).close());
    assertRefused(Reason.NO_ROOM, full::newFile);
    assertRefused(Reason.NO_ROOM, () -> full.add(file));
    assertThat(file).hasBinaryContent(BYTES);
    assertThat(full.contains(DIGEST)).isTrue();
  }

  @Test
  void retain_some_deletesTheOthersAndWhatIsBegunButNotWhatArrives() throws IOException {
    store();
    Digest other = folder.add(Files.write(folder.newFile(), bytes(10, 2)));
    Digest begun = Digest.of(bytes(10, 3));
    Path part = Files.write(path.resolve("incoming").resolve(begun.hex() + ".part"), bytes(5, 3));
    Digest kept = Digest.of(bytes(10, 4));
    Path keptPart = Files.write(path.resolve("incoming").resolve(kept.hex() + ".part"), BYTES);
    Path note = Files.writeString(path.resolve("note"), "no artifact");
    Digest arriving = Digest.of(bytes(10, 5));

    try (IncomingArtifact incoming = folder.receive(arriving, 10)) {
      folder.retain(java.util.Set.of(DIGEST, kept));
      append(incoming, 0, bytes(10, 5));
      assertThat(incoming.complete()).isTrue();
    }
    assertThat(folder.contains(DIGEST)).isTrue();
    assertThat(folder.contains(other)).isFalse();
    assertThat(part).doesNotExist();
    assertThat(keptPart).exists();
    assertThat(note).exists();
  }

  @Test
  void add_localFile_movesItUnderItsDigest() throws IOException {
    Path file = folder.newFile();
    Files.write(file, BYTES);

    assertThat(folder.add(file)).isEqualTo(DIGEST);
    assertThat(file).doesNotExist();
    assertThat(folder.size(DIGEST)).isEqualTo(BYTES.length);
  }

  @Test
  void open_afterACrash_removesUnfinishedLocalFilesOnly() throws IOException {
    Path unfinished = folder.newFile();
    Path hidden = Files.writeString(path.resolve("incoming/.new-1.tmp.0c9d.tmp"), "half");
    store();
    Path part = Files.write(path.resolve("incoming").resolve("a".repeat(64) + ".part"), BYTES);

    ArtifactFolder reopened = ArtifactFolder.open(path);

    assertThat(unfinished).doesNotExist();
    assertThat(hidden).doesNotExist();
    assertThat(part).exists();
    assertThat(reopened.contains(DIGEST)).isTrue();
  }

  @Test
  void deletePartials_oldOnes_goAndForeignFilesStay() throws IOException {
    Path part = Files.write(path.resolve("incoming").resolve("a".repeat(64) + ".part"), BYTES);
    Path foreign = Files.writeString(path.resolve("incoming/notes.part"), "no artifact");

    assertThat(folder.deletePartials(Instant.now().minusSeconds(60))).isZero();
    assertThat(part).exists();
    assertThat(folder.deletePartials(Instant.now().plusSeconds(60))).isEqualTo(BYTES.length);
    assertThat(part).doesNotExist();
    assertThat(foreign).exists();
  }

  @Test
  void read_atAnOffset_givesTheRest() throws IOException {
    store();

    try (FileChannel channel = folder.read(DIGEST, 299_990)) {
      ByteBuffer rest = ByteBuffer.allocate(100);
      assertThat(channel.read(rest)).isEqualTo(10);
    }
    assertRefused(Reason.BEYOND_END, () -> folder.read(DIGEST, 300_001).close());
    assertRefused(Reason.BEYOND_END, () -> folder.read(DIGEST, -1).close());
    assertRefused(Reason.NOT_FOUND, () -> folder.read(new Digest("0".repeat(64)), 0).close());
  }

  @Test
  void digest_anythingThatIsNone_neverBecomesAPath() {
    for (String text : new String[] {"", "../../etc/passwd", "A".repeat(64), "a".repeat(65)}) {
      assertThatThrownBy(() -> new Digest(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("64 lower-case hexadecimal digits");
    }
  }

  private void store() throws IOException {
    try (IncomingArtifact incoming = folder.receive(DIGEST, BYTES.length)) {
      send(incoming, 0, BYTES.length);
    }
  }

  /** Offsets beyond what 32 bits hold, without the bytes: the file is sparse. */
  @Test
  void receive_beyondTwoGibibytes_goesOnAtTheRightOffset() throws IOException {
    long size = (5L << 30) + 3;
    long stored = size - 2;
    try (var partial =
        new java.io.RandomAccessFile(
            path.resolve("incoming/" + DIGEST.hex() + ".part").toFile(), "rw")) {
      partial.setLength(stored);
    }
    ByteBuffer chunk = ByteBuffer.wrap(new byte[] {1});
    ArtifactFolder large = ArtifactFolder.open(path);
    try (IncomingArtifact incoming = large.receive(DIGEST, size)) {
      assertThat(incoming.stored()).isEqualTo(stored);
      incoming.append(stored, List.of(chunk), Chunks.crc32c(List.of(chunk)));
      assertThat(incoming.stored()).isEqualTo(size - 1);
      assertRefused(
          Reason.BAD_CHUNK,
          () -> incoming.append((size - 1) & 0xffffffffL, List.of(ByteBuffer.allocate(1)), 0));
    }
  }

  private static void send(IncomingArtifact incoming, int from, int to) throws IOException {
    ByteBuffer chunk = ByteBuffer.wrap(BYTES, from, to - from);
    incoming.append(from, List.of(chunk), Chunks.crc32c(List.of(chunk)));
  }

  private static void append(IncomingArtifact incoming, long offset, byte[] data)
      throws IOException {
    ByteBuffer chunk = ByteBuffer.wrap(data);
    incoming.append(offset, List.of(chunk), Chunks.crc32c(List.of(chunk)));
  }

  private static void assertRefused(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ArtifactException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}

package io.neurograft.proto.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever is done to a log after its head was noted is found. */
class ChainPropertyTest {
  private static final int LINES = 12;
  private static final int MOST = 1 << 20;

  private static final Path FOLDER;
  private static final Head HEAD;
  private static final byte[] WHOLE;

  static {
    try {
      FOLDER = Files.createTempDirectory("chain");
      write();
      HEAD = ChainCheck.of(List.of(AuditFiles.first(FOLDER)), List.of()).head();
      WHOLE = Files.readAllBytes(AuditFiles.first(FOLDER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write() throws IOException {
    try (AuditLog log = AuditLog.open(FOLDER, MOST, () -> Instant.EPOCH, () -> {})) {
      for (int i = 0; i < LINES; i++) {
        log.note(Deed.of("operator alice", Act.RUN_CREATED).about("run", "run-" + i));
      }
    }
  }

  @AfterContainer
  static void delete() throws IOException {
    try (var files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(FOLDER);
  }

  @Property(tries = 500)
  void byte_changedRemovedOrInserted_isFound(
      @ForAll @IntRange(max = MOST) int place,
      @ForAll byte value,
      @ForAll @IntRange(max = 2) int how)
      throws IOException {
    int at = place % WHOLE.length;
    byte other = value == WHOLE[at] ? (byte) (value + 1) : value;
    byte[] before = Arrays.copyOf(WHOLE, at);
    byte[] rest = Arrays.copyOfRange(WHOLE, how == 2 ? at : at + 1, WHOLE.length);
    byte[] changed = how == 0 ? joined(before, rest) : joined(before, new byte[] {other}, rest);
    if (!Arrays.equals(changed, WHOLE)) {
      assertFound(changed);
    }
  }

  @Property(tries = 200)
  void line_removedRepeatedOrExchanged_isFound(
      @ForAll @IntRange(max = LINES - 1) int one, @ForAll @IntRange(max = LINES - 1) int other)
      throws IOException {
    List<String> lines = Arrays.asList(new String(WHOLE, US_ASCII).split("\n"));
    List<String> removed = new ArrayList<>(lines);
    removed.remove(one);
    assertFound(joined(removed));
    List<String> repeated = new ArrayList<>(lines);
    repeated.add(other, lines.get(one));
    assertFound(joined(repeated));
    if (one != other) {
      List<String> exchanged = new ArrayList<>(lines);
      Collections.swap(exchanged, one, other);
      assertFound(joined(exchanged));
    }
  }

  @Property(tries = 100)
  void log_shortened_isFoundByItsHead(@ForAll @IntRange(max = MOST) int place) throws IOException {
    assertFound(Arrays.copyOf(WHOLE, place % WHOLE.length));
  }

  private static void assertFound(byte[] changed) throws IOException {
    Files.write(file(), changed);
    assertThat(check(List.of(HEAD)).damage()).isPresent();
    Files.write(file(), WHOLE);
    assertThat(check(List.of(HEAD)).damage()).isEmpty();
  }

  private static ChainCheck.Result check(List<Head> heads) throws IOException {
    return ChainCheck.of(List.of(file()), heads);
  }

  private static Path file() {
    return AuditFiles.first(FOLDER);
  }

  private static byte[] joined(List<String> lines) {
    return (String.join("\n", lines) + "\n").getBytes(US_ASCII);
  }

  private static byte[] joined(byte[]... parts) {
    int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}

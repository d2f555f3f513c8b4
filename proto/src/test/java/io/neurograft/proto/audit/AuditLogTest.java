package io.neurograft.proto.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final Deed DEED = Deed.of("operator alice", Act.RUN_CREATED).about("run", "r-1");

  @TempDir Path parent;
  private final AtomicInteger lost = new AtomicInteger();

  @Test
  void require_severalProgramsAndThreads_isOneUnbrokenChain() throws Exception {
    try (AuditLog one = open(1000);
        AuditLog other = open(1000)) {
      List<Thread> threads = new ArrayList<>();
      for (AuditLog log : List.of(one, other, one)) {
        Thread thread = new Thread(() -> write(log));
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
    ChainCheck.Result result = check();
    assertThat(result.damage()).isEmpty();
    assertThat(result.lines()).isEqualTo(60);
    assertThat(AuditFiles.list(folder())).hasSizeGreaterThan(5);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(1))))
        .isEqualTo("rw-------");
  }

  private static void write(AuditLog log) {
    try {
      for (int i = 0; i < 10; i++) {
        log.require(DEED);
        log.note(DEED);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void open_afterACrashInMidLine_cutsItOffAndSaysSo() throws IOException {
    write(1 << 20, 2);
    Files.writeString(file(1), "{\"number\":3,\"ti", StandardOpenOption.APPEND);
    assertThat(check().damage()).isPresent();
    write(1 << 20, 1);
    assertThat(check().damage()).isEmpty();
    assertThat(words())
        .containsExactly("run.created", "run.created", "log.repaired", "run.created");
  }

  @Test
  void open_logThatWasChanged_goesOnAndSaysSo() throws IOException {
    write(1 << 20, 2);
    Files.writeString(file(1), Files.readString(file(1)) + "not a line\n");
    write(1 << 20, 1);
    assertThat(Files.readString(file(1))).contains("log.broken", "no JSON");
    ChainCheck.Break damage = check().damage().orElseThrow();
    assertThat(damage.line()).isEqualTo(3);
    assertThat(damage.file()).isEqualTo(file(1));
  }

  @Test
  void require_logShortenedMeanwhile_goesOnFromWhereItWas() throws IOException {
    try (AuditLog log = open(1 << 20)) {
      log.require(DEED);
      String first = Files.readString(file(1));
      log.require(DEED);
      Files.writeString(file(1), first);
      log.require(DEED);
    }
    assertThat(Files.readString(file(1))).contains("log.broken");
    assertThat(check().damage().orElseThrow().line()).isEqualTo(2);
  }

  @Test
  void check_fileRemovedFromTheMiddle_namesTheNext() throws IOException {
    write(1, 4);
    assertThat(AuditFiles.list(folder())).hasSize(4);
    Files.delete(file(2));
    ChainCheck.Break damage = check().damage().orElseThrow();
    assertThat(damage.file()).isEqualTo(file(3));
    assertThat(damage.fault()).hasToString("expected line 2, found line 3");
  }

  @Test
  void check_earlierFilesKeptElsewhere_followsFromANotedHead() throws IOException {
    write(1, 2);
    Head head = check().head();
    write(1, 2);
    List<Path> later = AuditFiles.list(folder()).subList(2, 4);
    assertThat(ChainCheck.of(later, List.of()).damage()).isPresent();
    assertThat(ChainCheck.of(later, List.of(head)).damage()).isEmpty();
  }

  @Test
  void read_whatFollowsABreak_isAllThere() throws IOException {
    write(500, 6);
    assertThat(AuditFiles.list(folder())).hasSizeGreaterThan(1);
    String whole = Files.readString(file(1));
    int second = whole.indexOf('\n') + 1;
    Files.writeString(
        file(1), whole.substring(0, second) + "not a line\n" + whole.substring(second));
    ChainCheck.Result result = check();
    assertThat(result.lines()).isEqualTo(1);
    List<Remainder.Doubtful> rest = new ArrayList<>();
    Remainder.read(AuditFiles.list(folder()), result.lines(), rest::add);
    assertThat(rest.get(0)).isEqualTo(new Remainder.Doubtful("not a line", Optional.empty()));
    assertThat(rest.stream().flatMap(one -> one.line().stream()).map(Line::number))
        .containsExactly(2L, 3L, 4L, 5L, 6L);
  }

  /** As the documentation allows. */
  @Test
  void open_earlierFilesKeptElsewhere_goesOnUnbroken() throws IOException {
    write(1, 2);
    Head head = check().head();
    write(1, 1);
    Files.delete(file(1));
    Files.delete(file(2));
    write(1 << 20, 2);
    List<String> words = new ArrayList<>();
    ChainCheck.Result result =
        ChainCheck.of(AuditFiles.list(folder()), List.of(head), line -> words.add(line.what()));
    assertThat(result.damage()).isEmpty();
    assertThat(result.head().number()).isEqualTo(5);
    assertThat(words).containsExactly("run.created", "run.created", "run.created");
  }

  @Test
  void open_firstLinesRemoved_saysSo() throws IOException {
    write(1 << 20, 3);
    String whole = Files.readString(file(1));
    Files.writeString(file(1), whole.substring(whole.indexOf('\n') + 1));
    write(1 << 20, 1);
    assertThat(Files.readString(file(1))).contains("log.broken", "expected line 1");
  }

  @Test
  void note_cannotBeWritten_isToldByTheNextThatCan() throws IOException {
    try (AuditLog log = open(1 << 20)) {
      log.note(DEED);
      Path away = parent.resolve("away");
      Files.move(folder(), away);
      Files.createFile(folder());
      log.note(DEED);
      log.note(DEED);
      assertThatThrownBy(() -> log.require(DEED)).isInstanceOf(IOException.class);
      Files.delete(folder());
      Files.move(away, folder());
      log.note(DEED);
    }
    assertThat(lost).hasValue(2);
    assertThat(words()).containsExactly("run.created", "log.lost", "run.created");
    assertThat(Files.readString(file(1))).contains("\"about\":{\"lines\":2}");
    assertThat(check().damage()).isEmpty();
  }

  @Test
  void note_interruptedThread_isWritten() throws IOException {
    try (AuditLog log = open(1 << 20)) {
      Thread.currentThread().interrupt();
      log.note(DEED);
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(check().lines()).isEqualTo(1);
  }

  @Test
  void note_textsFromOutside_areBoundedAndEscaped() throws IOException {
    try (AuditLog log = open(1 << 20)) {
      log.require(
          Deed.of("site \u202e\n{\"", Act.CALL_REFUSED).about("why", "\ud800\0".repeat(1 << 20)));
    }
    assertThat(Files.size(file(1))).isLessThan(5000);
    assertThat(Files.readString(file(1))).hasLineCount(1).matches("\\p{ASCII}*\\R");
    assertThat(check().damage()).isEmpty();
  }

  private void write(long rollover, int lines) throws IOException {
    try (AuditLog log = open(rollover)) {
      for (int i = 0; i < lines; i++) {
        log.require(DEED);
      }
    }
  }

  private List<String> words() throws IOException {
    List<String> words = new ArrayList<>();
    var unused =
        ChainCheck.of(AuditFiles.list(folder()), List.of(), line -> words.add(line.what()));
    return words;
  }

  private ChainCheck.Result check() throws IOException {
    return ChainCheck.of(AuditFiles.list(folder()), List.of());
  }

  private AuditLog open(long rollover) throws IOException {
    return AuditLog.open(folder(), rollover, () -> NOW, lost::incrementAndGet);
  }

  private Path folder() {
    return parent.resolve("audit");
  }

  private Path file(int number) {
    return folder().resolve("audit-%06d.jsonl".formatted(number));
  }
}

package io.neurograft.coordinator.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.coordinator.artifact.ArtifactCollector.Freed;
import io.neurograft.coordinator.metrics.CoordinatorMetrics;
import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.RunState;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.store.ArtifactTable.Put;
import io.neurograft.coordinator.store.CollectionTable.Claim;
import io.neurograft.coordinator.store.Database;
import io.neurograft.coordinator.store.StorageException;
import io.neurograft.coordinator.store.StoredArtifact;
import io.neurograft.coordinator.store.StoredModel;
import io.neurograft.coordinator.store.StoredRun;
import io.neurograft.coordinator.store.StoredSite;
import io.neurograft.coordinator.store.Tables;
import io.neurograft.coordinator.store.TaskResult;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.artifact.ArtifactException;
import io.neurograft.proto.artifact.Chunks;
import io.neurograft.proto.artifact.Digest;
import io.neurograft.testing.Waiting;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is collected, and what is not. */
final class ArtifactCollectorTest {
  private static final Duration SPAN = Duration.ofHours(1);
  private static final Duration LONGER = SPAN.plusSeconds(1);

  @TempDir Path folder;
  private final ManualClock clock = new ManualClock();
  private final CoordinatorMetrics metrics = new CoordinatorMetrics();
  private Database database;
  private ArtifactStore store;
  private ArtifactCollector collector;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("coordinator.db"), clock);
    store = store(database);
    collector = new ArtifactCollector(store, SPAN, metrics, clock);
  }

  private ArtifactStore store(Database of) {
    return ArtifactStore.open(
        folder.resolve("artifacts"),
        new ArtifactStore.Limits(1 << 20, 0, Long.MAX_VALUE),
        Optional.empty(),
        "one",
        of,
        clock);
  }

  @AfterEach
  void close() {
    collector.close();
    database.close();
  }

  private String add(String content) throws Exception {
    Path file = store.folder().newFile();
    Files.writeString(file, content);
    String digest = store.add(StoredArtifact.Kind.WEIGHTS, file).digest();
    Files.setLastModifiedTime(
        store.folder().find(new Digest(digest)).orElseThrow(), FileTime.from(clock.instant()));
    return digest;
  }

  private boolean isHere(String digest) {
    boolean file = store.folder().contains(new Digest(digest));
    assertThat(store.known(digest).isPresent()).isEqualTo(file);
    return file;
  }

  private StoredRun run() {
    return database.write(
        tables -> {
          tables
              .sites()
              .save(new StoredSite("a", List.of(1L), List.of(1L), 0, "0", clock.instant()));
          String id = tables.runs().create("run", "token", "", clock.instant());
          return tables.runs().find(id).orElseThrow();
        });
  }

  private void change(Consumer<Tables> change) {
    database.write(
        tables -> {
          change.accept(tables);
          return true;
        });
  }

  private void report(StoredRun run, TaskKey key, TaskResult result) {
    change(
        tables -> {
          tables.tasks().create(run, key, clock.instant(), clock.instant());
          tables.tasks().finish(run.taskId(key), result);
        });
  }

  private static TaskResult result(
      Optional<String> weights, Optional<String> scores, Optional<String> moments) {
    return new TaskResult(
        weights,
        scores,
        moments,
        Optional.empty(),
        1,
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty());
  }

  private static TaskResult result(String weights) {
    return result(Optional.of(weights), Optional.empty(), Optional.empty());
  }

  @Test
  void collect_uploadWhoseReportNeverCame_goesAfterAWhile() throws Exception {
    String digest = add("abandoned");
    clock.pass(SPAN.minusSeconds(1));
    collector.collect();
    assertThat(isHere(digest)).isTrue();
    store.store(store.known(digest).orElseThrow());
    clock.pass(SPAN.minusSeconds(1));
    collector.collect();
    assertThat(isHere(digest)).as("it was sent again").isTrue();
    clock.pass(Duration.ofSeconds(2));
    assertThat(collector.collect()).isEqualTo(new Freed(1, 0, "abandoned".length()));
    assertThat(isHere(digest)).isFalse();
    assertThat(metrics.scrape()).contains("neurograft_coordinator_collected_bytes_total 9.0");
    assertThat(isHere(add("abandoned"))).as("it can be sent anew").isTrue();
  }

  @Test
  void collect_fineTunedWeights_goOnceTheirAverageIsStored() throws Exception {
    StoredRun run = run();
    String member = add("member");
    String scores = add("scores");
    String tuned = add("tuned");
    TaskKey fineTune = new TaskKey("a", TaskKind.FINE_TUNE, "average", 1);
    report(
        run,
        new TaskKey("a", TaskKind.TRAIN, "", 0),
        result(Optional.of(member), Optional.of(scores), Optional.empty()));
    report(run, fineTune, result(tuned));
    clock.pass(LONGER);
    collector.collect();
    assertThat(List.of(member, scores, tuned)).allMatch(this::isHere);

    String average = add("average");
    change(
        tables ->
            tables
                .models()
                .save(run.id(), new StoredModel(new ModelKey("average", 1), average, 0, "")));
    collector.collect();
    assertThat(isHere(tuned)).isFalse();
    change(tables -> tables.runs().move(run.id(), RunState.COMPLETED, 1, "", clock.instant()));
    clock.pass(LONGER);
    collector.collect();
    assertThat(List.of(member, scores, average)).allMatch(this::isHere);
  }

  @Test
  void collect_questionsAndAnswers_goWhenTheirRunHasEndedAnyhow() throws Exception {
    StoredRun run = run();
    StoredRun other = run();
    String question = add("question");
    String answer = add("answer");
    String both = add("both runs answered so");
    for (StoredRun each : List.of(run, other)) {
      report(
          each,
          new TaskKey("a", TaskKind.MOMENTS, "m", 1),
          result(Optional.empty(), Optional.empty(), Optional.of(both)));
    }
    report(
        run,
        new TaskKey("a", TaskKind.MOMENTS, "m", 0),
        result(Optional.empty(), Optional.empty(), Optional.of(answer)));
    change(tables -> tables.exchanges().save(run.id(), "m", 0, question));
    clock.pass(LONGER);
    collector.collect();
    assertThat(List.of(question, answer, both)).allMatch(this::isHere);
    change(tables -> tables.runs().move(run.id(), RunState.FAILED, 0, "", clock.instant()));
    clock.pass(LONGER);
    collector.collect();
    assertThat(List.of(question, answer)).noneMatch(this::isHere);
    assertThat(isHere(both)).isTrue();
  }

  @Test
  void collect_runWasDeleted_keepsWhatAnotherRunNamesAndTheNumber() throws Exception {
    StoredRun run = run();
    StoredRun other = run();
    String mine = add("mine");
    String ours = add("ours");
    report(run, new TaskKey("a", TaskKind.TRAIN, "", 0), result(mine));
    report(run, new TaskKey("a", TaskKind.FINE_TUNE, "m", 1), result(ours));
    report(other, new TaskKey("a", TaskKind.TRAIN, "", 0), result(ours));
    assertThat(database.<Boolean>write(t -> t.runs().delete(run.id(), clock.instant()))).isFalse();
    for (StoredRun ended : List.of(run, other)) {
      change(tables -> tables.runs().move(ended.id(), RunState.CANCELLED, 0, "", clock.instant()));
      assertThat(database.<Boolean>write(t -> t.runs().delete(ended.id(), clock.instant())))
          .isTrue();
    }
    assertThat(run().id()).isEqualTo("run-3");
    StoredRun last = run();
    report(last, new TaskKey("a", TaskKind.TRAIN, "", 0), result(ours));
    clock.pass(LONGER);
    collector.collect();
    assertThat(isHere(mine)).isFalse();
    assertThat(isHere(ours)).isTrue();
  }

  @Test
  void claim_artifactIsSentReportedOrAddedMeanwhile_waitsUntilItIsGone() throws Exception {
    StoredRun run = run();
    String digest = add("raced");
    StoredArtifact artifact = store.known(digest).orElseThrow();
    clock.pass(LONGER);
    List<Claim> claims = collector.claim();
    assertThat(claims).hasSize(1);
    assertThatThrownBy(() -> store.store(artifact))
        .isInstanceOfSatisfying(
            ArtifactException.class,
            e -> assertThat(e.reason()).isEqualTo(ArtifactException.Reason.BUSY));
    assertThatThrownBy(() -> report(run, new TaskKey("a", TaskKind.TRAIN, "", 0), result(digest)))
        .isInstanceOf(StorageException.class);
    assertThatThrownBy(() -> add("raced")).isInstanceOf(StorageException.class);
    assertThat(collector.claim()).as("it has its collector").isEmpty();
    assertThat(store.erase(claims.get(0))).isTrue();
    assertThatThrownBy(() -> add("raced")).isInstanceOf(StorageException.class);
    store.forget(claims);
    assertThat(isHere(add("raced"))).isTrue();
    assertThat(store.erase(claims.get(0))).as("too late").isFalse();
    store.forget(claims);
    assertThat(isHere(digest)).isTrue();
  }

  @Test
  void claim_objectIsStillBeingPut_waitsUntilItIsGivenUp() {
    String digest = Digest.of(new byte[] {1}).hex();
    StoredArtifact artifact = new StoredArtifact(digest, 1, StoredArtifact.Kind.WEIGHTS);
    change(
        tables ->
            tables.artifacts().begin(artifact, Optional.of(new Put("slow", "one")), tables.now()));
    for (int part = 0; part < 3; part++) {
      clock.pass(SPAN.minusSeconds(1));
      assertThat(collector.claim()).isEmpty();
      assertThat(goesOn(digest, "slow")).isTrue();
    }
    assertThat(goesOn(digest, "of another")).isFalse();
    clock.pass(LONGER);
    assertThat(collector.claim()).hasSize(1);
    assertThat(goesOn(digest, "slow")).as("too late").isFalse();
  }

  private boolean goesOn(String digest, String object) {
    return database.<Boolean>write(t -> t.artifacts().goesOn(digest, object, t.now()));
  }

  @Test
  void collect_afterACrashInTheMiddle_bringsItToItsEnd() throws Exception {
    String digest = add("half gone");
    clock.pass(LONGER);
    store.erase(collector.claim().get(0));
    clock.pass(Duration.ofSeconds(61));
    assertThat(collector.collect().artifacts()).isEqualTo(1);
    assertThat(isHere(digest)).isFalse();
    assertThat(known(digest)).isEmpty();
  }

  @Test
  void start_crashedInTheMiddleOfACollection_canBeStoredAgainAtOnce() throws Exception {
    String digest = add("half gone");
    clock.pass(LONGER);
    store.erase(collector.claim().get(0));
    assertThatThrownBy(() -> add("half gone")).isInstanceOf(StorageException.class);
    collector.start(); // again
    Waiting.until(Duration.ofSeconds(20), () -> known(digest).isEmpty());
    assertThat(isHere(add("half gone"))).isTrue();
  }

  private Set<String> known(String digest) {
    return database.read(tables -> tables.collection().known(List.of(digest)));
  }

  @Test
  void collect_filesThatTheDatabaseDoesNotKnow_goAfterAWhile() throws Exception {
    Path file = Files.writeString(store.folder().newFile(), "never noted");
    Digest stray = store.folder().add(file);
    Digest partial = Digest.of(new byte[] {1, 2});
    try (var incoming = store.folder().receive(partial, 2)) {
      List<ByteBuffer> first = List.of(ByteBuffer.wrap(new byte[] {1}));
      incoming.append(0, first, Chunks.crc32c(first));
    }
    Path other = Files.writeString(folder.resolve("artifacts").resolve("letter.txt"), "x");
    collector.collect();
    assertThat(store.folder().contains(stray)).isTrue();
    clock.pass(LONGER.plusMinutes(1));
    assertThat(collector.collect()).isEqualTo(new Freed(0, 1, "never noted".length() + 1));
    assertThat(store.folder().contains(stray)).isFalse();
    try (var incoming = store.folder().receive(partial, 2)) {
      assertThat(incoming.stored()).isZero();
    }
    assertThat(other).exists();
  }

  @Test
  void collect_fileThatIsOpen_canBeReadToItsEnd() throws Exception {
    String digest = add("being sent");
    clock.pass(LONGER);
    try (FileChannel open = store.folder().read(new Digest(digest), 0)) {
      collector.collect();
      assertThat(isHere(digest)).isFalse();
      ByteBuffer bytes = ByteBuffer.allocate(100);
      assertThat(open.read(bytes)).isEqualTo("being sent".length());
    }
  }

  @Test
  void open_folderOfAnotherDatabase_isRefused() {
    try (Database empty = Database.open(folder.resolve("empty.db"), clock)) {
      assertThatThrownBy(() -> store(empty))
          .isInstanceOf(InvalidInputException.class)
          .message()
          .contains("its artifacts are known to another database")
          .hasLineCount(1);
    }
    store(database);
  }
}

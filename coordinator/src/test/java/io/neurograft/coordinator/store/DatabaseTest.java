package io.neurograft.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.coordinator.run.ModelKey;
import io.neurograft.coordinator.run.RunState;
import io.neurograft.coordinator.run.Score;
import io.neurograft.coordinator.run.TaskKey;
import io.neurograft.coordinator.run.TaskKind;
import io.neurograft.coordinator.run.TaskState;
import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String DIGEST = "a".repeat(64);
  private static final TaskKey TRAIN = new TaskKey("site-a", TaskKind.TRAIN, "", 0);

  @TempDir Path folder;

  private Database open() {
    return Database.open(folder.resolve("coordinator.db"));
  }

  private static StoredRun prepare(Tables tables) {
    tables.sites().save(new StoredSite("site-a", List.of(1L, 2L), List.of(3L, 4L), 5, "0.1", NOW));
    String id = tables.runs().create("glyphs", "t0", "name: glyphs", NOW);
    return tables.runs().find(id).orElseThrow();
  }

  @Test
  void open_secondTime_findsEverythingAsItWas() {
    TaskResult result =
        new TaskResult(
            Optional.of(DIGEST),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            7,
            Optional.empty(),
            Optional.of(new Score(10, 9, 0.5)),
            1.5);
    try (Database database = open()) {
      StoredRun run = database.write(DatabaseTest::prepare);
      assertThat(run.id()).isEqualTo("glyphs-1");
      database.write(
          tables -> {
            StoredArtifact artifact = new StoredArtifact(DIGEST, 12, StoredArtifact.Kind.WEIGHTS);
            tables.artifacts().save(artifact, NOW);
            tables.artifacts().save(artifact, NOW);
            tables.tasks().create(run, TRAIN, NOW.plusSeconds(60), NOW);
            tables.tasks().create(run, TRAIN, NOW.plusSeconds(99), NOW);
            tables.tasks().finish(run.taskId(TRAIN), result);
            tables
                .models()
                .save(run.id(), new StoredModel(new ModelKey("average", 0), DIGEST, 1, "{}"));
            tables.models().evaluated(run.id(), Subject.ENSEMBLE, new Score(10, 8, 0.25));
            tables.runs().move(run.id(), RunState.FUSING, 0, "fuses", NOW.plusSeconds(1));
            tables.runs().publish(run.id(), new ModelKey("average", 0));
            return run;
          });
    }
    try (Database database = open()) {
      StoredTask task =
          database.read(t -> t.tasks().find(TRAIN.id("glyphs-1", "t0"))).orElseThrow();
      assertThat(task.state()).isEqualTo(TaskState.DONE);
      assertThat(task.view().deadline()).isEqualTo(NOW.plusSeconds(60));
      assertThat(task.result()).contains(result);
      StoredRun run = database.read(t -> t.runs().find("glyphs-1")).orElseThrow();
      assertThat(run.state()).isEqualTo(RunState.FUSING);
      assertThat(run.published()).contains(new ModelKey("average", 0));
      Set<ModelKey> models = database.read(t -> t.models().keys("glyphs-1"));
      assertThat(models).containsExactly(new ModelKey("average", 0));
      List<String> going = database.read(t -> t.runs().going());
      assertThat(going).containsExactly("glyphs-1");
      Map<Subject, Score> measured = database.read(t -> t.models().evaluations("glyphs-1"));
      assertThat(measured).containsEntry(Subject.ENSEMBLE, new Score(10, 8, 0.25));
      assertThat(database.read(t -> t.sites().find("site-a")).orElseThrow().classCounts())
          .containsExactly(3L, 4L);
    }
  }

  @Test
  void open_fileIsNoDatabase_saysSoAndLeavesItAlone() throws Exception {
    Path file = folder.resolve("coordinator.db");
    Files.writeString(file, "this is a letter, not a database");
    assertThatThrownBy(() -> Database.open(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("coordinator.db: cannot be used")
        .hasMessageContaining("not a database");
    assertThat(file).hasContent("this is a letter, not a database");
  }

  @Test
  void open_fileIsDamaged_saysSo() throws Exception {
    try (Database database = open()) {
      database.write(DatabaseTest::prepare);
    }
    byte[] bytes = Files.readAllBytes(folder.resolve("coordinator.db"));
    assertDamaged(Arrays.copyOf(bytes, bytes.length / 2));
    Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 7);
    assertDamaged(bytes);
  }

  private void assertDamaged(byte[] bytes) throws Exception {
    Files.write(folder.resolve("coordinator.db"), bytes);
    assertThatThrownBy(this::open)
        .isInstanceOf(InvalidInputException.class)
        .message()
        .contains("coordinator.db: cannot be used: ")
        .containsAnyOf("damaged", "malformed")
        .hasLineCount(1);
  }

  @Test
  void open_tablesOfOthersOrOfALaterVersion_saysSo() throws Exception {
    change("CREATE TABLE letters (text TEXT)");
    assertThatThrownBy(this::open)
        .hasMessageEndingWith("coordinator.db: cannot be used: it belongs to other software");
    change("DROP TABLE letters");
    open().close();
    change(
        "INSERT INTO flyway_schema_history VALUES"
            + " (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', '2030-01-01 00:00:00.0', 1, 1)");
    assertThatThrownBy(this::open).hasMessageEndingWith("made by another version of this software");
  }

  private void change(String sql) throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("coordinator.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void write_diskIsFull_saysSoAndChangesNothing() {
    Map<String, String> smallDisk = Map.of("max_page_count", "60");
    String large = "x".repeat(50_000);
    try (Database database = Database.open(folder.resolve("coordinator.db"), smallDisk)) {
      String first = database.write(tables -> tables.runs().create("a", "t", "name: a", NOW));
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 20; i++) {
                  database.write(tables -> tables.runs().create("b", "t", large, NOW));
                }
              })
          .isInstanceOf(StorageException.class)
          .hasMessage("the database cannot be used: the disk is full");
      List<StoredRun> kept = database.read(tables -> tables.runs().all());
      assertThat(kept).hasSizeLessThan(20).anyMatch(run -> run.id().equals(first));
    }
  }

  @Test
  void note_runHasEnded_keepsItsLastWord() {
    try (Database database = open()) {
      String run = database.write(DatabaseTest::prepare).id();
      StoredRun noted =
          database.write(
              tables -> {
                tables.runs().move(run, RunState.CANCELLED, 0, "cancelled", NOW);
                tables.runs().note(run, "fuses");
                return tables.runs().find(run).orElseThrow();
              });
      assertThat(noted.message()).isEqualTo("cancelled");
    }
  }

  @Test
  void write_workFails_changesNothing() {
    try (Database database = open()) {
      assertThatThrownBy(
              () ->
                  database.write(
                      tables -> {
                        prepare(tables);
                        throw new IllegalStateException("broke");
                      }))
          .hasMessage("broke");
      List<StoredRun> runs = database.read(t -> t.runs().all());
      assertThat(runs).isEmpty();
      List<StoredSite> sites = database.read(t -> t.sites().all());
      assertThat(sites).isEmpty();
    }
  }

  @Test
  void write_manyThreads_allAreServed() throws Exception {
    var pool = Executors.newFixedThreadPool(8);
    try (Database database = open()) {
      List<Callable<String>> work =
          IntStream.range(0, 40)
              .<Callable<String>>mapToObj(
                  i -> () -> database.write(t -> t.runs().create("run", "t0", "", NOW)))
              .toList();
      for (var done : pool.invokeAll(work)) {
        done.get();
      }
      List<StoredRun> runs = database.read(t -> t.runs().all());
      assertThat(runs).hasSize(40).first().extracting("id").isEqualTo("run-40");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void open_file_isInWriteAheadMode() throws Exception {
    try (Database database = open()) {
      database.write(DatabaseTest::prepare);
      try (var connection =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("coordinator.db"));
          var rows = connection.createStatement().executeQuery("PRAGMA journal_mode")) {
        assertThat(rows.getString(1)).isEqualTo("wal");
      }
      assertThat(database.pragma("synchronous")).as("FULL").isEqualTo("2");
      assertThat(database.pragma("foreign_keys")).isEqualTo("1");
    }
  }

  @Test
  void tasks_failedAndGivenOutAgain_countTheirAttempts() {
    try (Database database = open()) {
      StoredRun run = database.write(DatabaseTest::prepare);
      String id = run.taskId(TRAIN);
      StoredTask task =
          database.write(
              tables -> {
                tables.tasks().create(run, TRAIN, NOW, NOW);
                tables.tasks().fail(id, true, NOW.plusSeconds(1), "disk full");
                tables.tasks().retry(id, "disk full", NOW.plusSeconds(5));
                tables.tasks().progress(id, "trains", 0.5);
                return tables.tasks().find(id).orElseThrow();
              });
      assertThat(task.view().attempts()).isEqualTo(2);
      assertThat(task.state()).isEqualTo(TaskState.OPEN);
      assertThat(task.fraction()).isEqualTo(0.5);
      List<String> now = database.read(t -> t.tasks().sitesWithExpiredLeases(NOW));
      assertThat(now).isEmpty();
      List<String> later = database.read(t -> t.tasks().sitesWithExpiredLeases(NOW.plusSeconds(5)));
      assertThat(later).containsExactly("site-a");
    }
  }
}

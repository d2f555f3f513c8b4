package io.neurograft.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real PostgreSQL as a coordinator's database, or that of several. */
@Timeout(120)
final class PostgresDatabaseIT extends DatabaseContract {
  @TempDir static Path folder;
  private static PostgresServer server;

  private String url = "";

  @BeforeAll
  static void startServer() {
    server = PostgresServer.start(folder);
  }

  @AfterAll
  static void stopServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void makeDatabase() {
    url = server.newDatabase();
  }

  @Override
  Database open() {
    return Database.open(DatabaseSettings.of(url));
  }

  private String name() {
    return url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
  }

  @Test
  void now_isTheServers() {
    try (Database database = open()) {
      Instant before = Instant.now();
      Instant told = database.write(Tables::now);
      assertThat(told).isBetween(before.minusMillis(1), Instant.now());
      assertThat(database.shared()).isTrue();
    }
  }

  @Test
  void open_tablesOfOthersOrOfALaterVersion_saysSo() {
    server.execute(name(), "CREATE TABLE letters (text TEXT)");
    assertThatThrownBy(this::open)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith(name() + ": cannot be used: it belongs to other software");
    server.execute(name(), "DROP TABLE letters");
    open().close();
    server.execute(
        name(),
        "INSERT INTO flyway_schema_history VALUES"
            + " (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', now(), 1, true)");
    assertThatThrownBy(this::open).hasMessageEndingWith("made by another version of this software");
  }

  @Test
  void open_noSuchDatabaseOrNobodyThere_saysSoInOneLine() {
    assertThatThrownBy(() -> Database.open(DatabaseSettings.of(url.replace(name(), "nowhere"))))
        .isInstanceOf(InvalidInputException.class)
        .message()
        .contains("database jdbc:postgresql://127.0.0.1:" + server.port() + "/nowhere")
        .contains("cannot be used")
        .contains("\"nowhere\" does not exist")
        .hasLineCount(1);
    assertThatThrownBy(() -> Database.open(DatabaseSettings.of("jdbc:postgresql://127.0.0.1:1/x")))
        .isInstanceOf(InvalidInputException.class)
        .message()
        .contains("refused")
        .hasLineCount(1);
  }

  @Test
  void open_passwordFile_isWhatTheServerIsShown() throws Exception {
    server.execute("postgres", "CREATE USER operator SUPERUSER PASSWORD 'right'");
    server.requirePassword("operator");
    Path file = folder.resolve("password");
    DatabaseSettings settings =
        new DatabaseSettings(
            url.substring(0, url.indexOf('?')),
            Optional.of("operator"),
            Optional.empty(),
            Optional.of(file));
    Files.writeString(file, "wrong\n");
    assertThatThrownBy(() -> Database.open(settings))
        .hasMessageContaining("password authentication failed");
    Files.writeString(file, "right\n");
    try (Database database = Database.open(settings)) {
      assertThat(database.write(DatabaseContract::prepare).id()).isEqualTo("glyphs-1");
    }
  }

  @Test
  void open_severalAtOnce_migrateOnce() throws Exception {
    var pool = Executors.newFixedThreadPool(3);
    try {
      List<Callable<Database>> opening = List.of(this::open, this::open, this::open);
      for (var opened : pool.invokeAll(opening)) {
        try (Database database = opened.get()) {
          List<StoredRun> none = database.read(t -> t.runs().all());
          assertThat(none).isEmpty();
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void write_twoCoordinators_oneAtATime() throws Exception {
    var pool = Executors.newFixedThreadPool(8);
    try (Database one = open();
        Database two = open()) {
      List<Callable<String>> work = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        work.add(() -> one.write(t -> t.runs().create("run", "t0", "", NOW)));
        work.add(() -> two.write(t -> t.runs().create("run", "t0", "", NOW)));
      }
      for (var done : pool.invokeAll(work)) {
        done.get();
      }
      List<StoredRun> runs = one.read(t -> t.runs().all());
      assertThat(runs).hasSize(40).first().extracting("id").isEqualTo("run-40");
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void write_otherCoordinatorStandsStillInATransaction_doesNotHoldThisOne() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Database still = open();
        Database other = open()) {
      CompletableFuture<String> stands =
          CompletableFuture.supplyAsync(
              () ->
                  still.write(
                      tables -> {
                        tables.runs().create("still", "t", "", NOW);
                        begun.countDown();
                        await(goOn);
                        return tables.runs().create("still", "t", "", NOW);
                      }));
      begun.await();
      other.write(tables -> tables.runs().create("other", "t", "", NOW));
      goOn.countDown();
      assertThatThrownBy(stands::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(StorageException.class)
          .cause()
          .message()
          .startsWith("the database cannot be used: ")
          .hasLineCount(1);
      List<StoredRun> runs = still.read(tables -> tables.runs().all());
      assertThat(runs).extracting(StoredRun::name).containsExactly("other");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void write_serverIsStoppedAndKilled_saysSoAndGoesOnWhenItIsBack() throws Exception {
    try (Database database = open()) {
      database.write(tables -> tables.runs().create("first", "t", "", NOW));
      server.stop();
      assertThatThrownBy(() -> database.write(tables -> tables.runs().create("lost", "t", "", NOW)))
          .isInstanceOf(StorageException.class)
          .message()
          .startsWith("the database cannot be used: ")
          .hasLineCount(1);
      server.start();
      eventually(database, "second");
      server.kill();
      assertThatThrownBy(() -> database.read(tables -> tables.runs().all()))
          .isInstanceOf(StorageException.class);
      server.start();
      eventually(database, "third");
      List<StoredRun> runs = database.read(tables -> tables.runs().all());
      assertThat(runs).extracting(StoredRun::name).containsExactly("third", "second", "first");
    }
  }

  /** Creates a run, as whoever meets a database that is away does: waits and tries again. */
  private static void eventually(Database database, String name) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      try {
        database.write(tables -> tables.runs().create(name, "t", "", NOW));
        return;
      } catch (StorageException e) {
        assertThat(System.nanoTime()).as("still: " + e.getMessage()).isLessThan(end);
        Thread.sleep(100);
      }
    }
  }
}

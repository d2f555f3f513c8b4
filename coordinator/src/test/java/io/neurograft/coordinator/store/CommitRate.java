package io.neurograft.coordinator.store;

import io.neurograft.testing.Folders;
import io.neurograft.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Measures how many small transactions a second SQLite and PostgreSQL take: see docs/storage.md.
 */
final class CommitRate {
  private static final int SECONDS = 5;

  private CommitRate() {}

  /** The program, without arguments; prints one line a database and number of writers. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory(Path.of(""), "commits-");
    try (PostgresServer server = PostgresServer.start(folder);
        Database sqlite = Database.open(folder.resolve("coordinator.db"), InstantSource.system());
        Database postgres = Database.open(DatabaseSettings.of(server.newDatabase()))) {
      for (int writers : new int[] {1, 8}) {
        tell("SQLite", sqlite, writers);
        tell("PostgreSQL", postgres, writers);
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private static void tell(String name, Database database, int writers) throws Exception {
    String run =
        database.write(
            tables -> tables.runs().create("run", "token", "", InstantSource.system().instant()));
    work(database, run, writers, 1);
    System.out.printf(
        "%-10s %d writers: %5.0f commits/s%n",
        name, writers, work(database, run, writers, SECONDS) / (double) SECONDS);
  }

  private static long work(Database database, String run, int writers, int seconds)
      throws Exception {
    AtomicLong commits = new AtomicLong();
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    Callable<Long> writer =
        () -> {
          while (System.nanoTime() < end) {
            database.write(
                tables -> {
                  tables.runs().note(run, "step " + commits.incrementAndGet());
                  return run;
                });
          }
          return commits.get();
        };
    var pool = Executors.newFixedThreadPool(writers);
    try {
      for (var done : pool.invokeAll(IntStream.range(0, writers).mapToObj(i -> writer).toList())) {
        done.get();
      }
    } finally {
      pool.shutdownNow();
    }
    return commits.get();
  }
}

package io.neurograft.coordinator.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database of a coordinator: a pool of connections, and transactions over its tables. What
 * {@link #write} has returned from is on disk (write-ahead log, synchronous FULL).
 */
public final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int CONNECTIONS = 4;
  private static final long LOG_PAUSE_NANOS = 10_000_000_000L;

  private final HikariDataSource connections;
  private final Jdbi jdbi;

  /** SQLite takes one writer; queueing here is fair, where its own busy handler polls. */
  private final ReentrantLock writer = new ReentrantLock(true);

  private final AtomicLong logged = new AtomicLong(System.nanoTime() - LOG_PAUSE_NANOS);

  private Database(HikariDataSource connections) {
    this.connections = connections;
    this.jdbi = Jdbi.create(connections);
  }

  /**
   * Opens an SQLite file, creating it and bringing its tables up to date.
   *
   * @throws InvalidInputException if it is no database, is damaged, or is another software's
   */
  public static Database open(Path file) {
    return open(file, Map.of());
  }

  /**
   * @param settings further settings of the connections, by SQLite's names
   */
  static Database open(Path file, Map<String, String> settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("store");
    config.setMaximumPoolSize(CONNECTIONS);
    config.setJdbcUrl("jdbc:sqlite:" + file.toAbsolutePath());
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("synchronous", "FULL");
    config.addDataSourceProperty("foreign_keys", "true");
    config.addDataSourceProperty("busy_timeout", "10000");
    // A transaction takes the write lock when it begins, so what it reads is what it changes.
    config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
    settings.forEach(config::addDataSourceProperty);
    try {
      return migrated(new HikariDataSource(config));
    } catch (RuntimeException e) {
      throw new InvalidInputException("database " + file, "cannot be used: " + root(e));
    }
  }

  private static Database migrated(HikariDataSource connections) {
    try {
      Database database = new Database(connections);
      String health = database.pragma("quick_check(1)");
      if (!health.equals("ok")) {
        throw new IllegalStateException("it is damaged (" + health.strip() + ")");
      }
      migrate(connections);
      return database;
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  private static void migrate(HikariDataSource connections) {
    try {
      // No pattern is ignored: tables of a later version would be read as something they are not.
      Flyway.configure()
          .dataSource(connections)
          .ignoreMigrationPatterns(new String[0])
          .load()
          .migrate();
    } catch (FlywayException e) {
      if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
        throw new IllegalStateException("it belongs to other software");
      }
      if (e.getErrorCode() == CoreErrorCode.VALIDATE_ERROR) {
        throw new IllegalStateException("it was made by another version of this software");
      }
      throw e;
    }
  }

  private static String root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("unknown");
  }

  /**
   * Reads; each statement sees what was committed before it.
   *
   * @throws StorageException if the disk does not give it
   */
  public <T> T read(Function<Tables, T> work) {
    try {
      return jdbi.withHandle(handle -> work.apply(new Tables(handle)));
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  /**
   * Reads and changes in one transaction, which is on disk when this returns.
   *
   * @throws StorageException if the disk does not take it; then nothing was changed
   */
  public <T> T write(Function<Tables, T> work) {
    writer.lock();
    try {
      return jdbi.inTransaction(handle -> work.apply(new Tables(handle)));
    } catch (RuntimeException e) {
      throw failure(e);
    } finally {
      writer.unlock();
    }
  }

  /** Everybody who meets a broken disk tries again, so it is logged here, and not for each. */
  private RuntimeException failure(RuntimeException e) {
    Optional<StorageException> storage = StorageException.of(e);
    long now = System.nanoTime();
    long last = logged.get();
    if (storage.isPresent() && now - last >= LOG_PAUSE_NANOS && logged.compareAndSet(last, now)) {
      LOG.error(
          "{}: sites and runs wait until that is mended, then they go on",
          storage.get().getMessage());
      LOG.debug("the reason", e);
    }
    return storage.isPresent() ? storage.get() : e;
  }

  /** A setting of the database's connections, or the answer to a question by that name. */
  String pragma(String name) {
    return jdbi.withHandle(h -> h.createQuery("PRAGMA " + name).mapTo(String.class).one());
  }

  @Override
  public void close() {
    connections.close();
  }
}

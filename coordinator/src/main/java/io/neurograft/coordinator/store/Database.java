package io.neurograft.coordinator.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
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
 * The database of a coordinator, or of several: a pool of connections, and transactions over its
 * tables. What {@link #write} has returned from is on disk.
 */
public final class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final long LOG_PAUSE_NANOS = 10_000_000_000L;

  private final Engine engine;
  private final HikariDataSource connections;
  private final Jdbi jdbi;

  /** There is one writer at a time; queueing here is fair, and leaves connections to readers. */
  private final ReentrantLock writer = new ReentrantLock(true);

  private final AtomicLong logged = new AtomicLong(System.nanoTime() - LOG_PAUSE_NANOS);

  private Database(Engine engine, HikariDataSource connections) {
    this.engine = engine;
    this.connections = connections;
    this.jdbi = Jdbi.create(connections);
  }

  /**
   * Opens an SQLite file, creating it and bringing its tables up to date.
   *
   * @param clock the database's clock
   * @throws InvalidInputException if it is no database, is damaged, or is another software's
   */
  public static Database open(Path file, InstantSource clock) {
    return open(new SqliteEngine(file, clock, Map.of()));
  }

  /**
   * Opens a PostgreSQL database, bringing its tables up to date. Several coordinators may do so at
   * the same time.
   *
   * @throws InvalidInputException if it cannot be reached, or is another software's
   */
  public static Database open(DatabaseSettings settings) {
    return open(new PostgresEngine(settings));
  }

  static Database open(Engine engine) {
    try {
      HikariConfig config = engine.connections();
      config.setPoolName("store");
      return migrated(engine, new HikariDataSource(config));
    } catch (InvalidInputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new InvalidInputException("database " + engine.place(), "cannot be used: " + root(e));
    }
  }

  private static Database migrated(Engine engine, HikariDataSource connections) {
    try {
      Database database = new Database(engine, connections);
      engine.prepare(database.jdbi);
      migrate(engine, connections);
      return database;
    } catch (RuntimeException e) {
      connections.close();
      throw e;
    }
  }

  private static void migrate(Engine engine, HikariDataSource connections) {
    try {
      // No pattern is ignored: tables of a later version would be read as something they are not.
      engine
          .migrations(Flyway.configure(), connections)
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
   * @throws StorageException if the database does not give it
   */
  public <T> T read(Function<Tables, T> work) {
    try {
      return jdbi.withHandle(handle -> work.apply(new Tables(handle, engine)));
    } catch (RuntimeException e) {
      throw failure(e);
    }
  }

  /**
   * Reads and changes in one transaction, which is on disk when this returns. Of all that use the
   * database, one writes at a time: what the work reads is what it changes.
   *
   * <p>All work is written so that doing it twice does no harm. Where the database is lost just
   * when it takes a transaction, nobody knows whether it did; the caller tries again then.
   *
   * @throws StorageException if the database does not take it; see there for what was changed
   */
  public <T> T write(Function<Tables, T> work) {
    writer.lock();
    try {
      return jdbi.inTransaction(
          handle -> {
            engine.beginWrite(handle);
            return work.apply(new Tables(handle, engine));
          });
    } catch (RuntimeException e) {
      throw failure(e);
    } finally {
      writer.unlock();
    }
  }

  /**
   * The same, for one who leads a run.
   *
   * @throws LostLeaseException if another coordinator leads it now; then nothing was changed
   */
  public <T> T write(Lease lease, Function<Tables, T> work) {
    return write(
        tables -> {
          tables.runs().require(lease);
          return work.apply(tables);
        });
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

  /**
   * The time by the clock that all users of this database share, in whole milliseconds.
   *
   * @throws StorageException if the database does not tell
   */
  public Instant now() {
    return read(Tables::now);
  }

  /** Whether several coordinators can use this database at the same time. */
  public boolean shared() {
    return engine.shared();
  }

  /** A setting of the database's connections, by SQLite's name. */
  String pragma(String name) {
    return jdbi.withHandle(h -> h.createQuery("PRAGMA " + name).mapTo(String.class).one());
  }

  @Override
  public void close() {
    connections.close();
  }
}

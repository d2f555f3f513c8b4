package io.neurograft.coordinator.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Jdbi;

/**
 * The database of a coordinator: a pool of connections, and transactions over its tables. What
 * {@link #write} has returned from is on disk (write-ahead log, synchronous FULL).
 */
public final class Database implements AutoCloseable {
  private static final int CONNECTIONS = 4;

  private final HikariDataSource connections;
  private final Jdbi jdbi;

  /** SQLite takes one writer; queueing here is fair, where its own busy handler polls. */
  private final ReentrantLock writer = new ReentrantLock(true);

  private Database(HikariDataSource connections) {
    this.connections = connections;
    this.jdbi = Jdbi.create(connections);
  }

  /**
   * Opens an SQLite file, creating it and bringing its tables up to date.
   *
   * @throws InvalidInputException if it is no database, or one of another software's
   */
  public static Database open(Path file) {
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
    try {
      return migrated(new HikariDataSource(config));
    } catch (RuntimeException e) {
      throw new InvalidInputException("database " + file, "cannot be used: " + root(e));
    }
  }

  private static Database migrated(HikariDataSource connections) {
    try {
      Flyway.configure().dataSource(connections).load().migrate();
      return new Database(connections);
    } catch (RuntimeException e) {
      connections.close();
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

  /** Reads; each statement sees what was committed before it. */
  public <T> T read(Function<Tables, T> work) {
    return jdbi.withHandle(handle -> work.apply(new Tables(handle)));
  }

  /** Reads and changes in one transaction, which is on disk when this returns. */
  public <T> T write(Function<Tables, T> work) {
    writer.lock();
    try {
      return jdbi.inTransaction(handle -> work.apply(new Tables(handle)));
    } finally {
      writer.unlock();
    }
  }

  /** A setting of the database's connections. */
  String pragma(String name) {
    return jdbi.withHandle(h -> h.createQuery("PRAGMA " + name).mapTo(String.class).one());
  }

  @Override
  public void close() {
    connections.close();
  }
}

package io.neurograft.coordinator.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** A file of SQLite, of one coordinator alone: write-ahead log, synchronous FULL. */
final class SqliteEngine implements Engine {
  private static final int CONNECTIONS = 4;

  private final Path file;
  private final InstantSource clock;
  private final Map<String, String> settings;

  /**
   * @param settings further settings of the connections, by SQLite's names
   */
  SqliteEngine(Path file, InstantSource clock, Map<String, String> settings) {
    this.file = file;
    this.clock = clock;
    this.settings = settings;
  }

  @Override
  public String place() {
    return file.toString();
  }

  @Override
  public HikariConfig connections() {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(CONNECTIONS);
    config.setJdbcUrl("jdbc:sqlite:" + file.toAbsolutePath());
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("synchronous", "FULL");
    config.addDataSourceProperty("foreign_keys", "true");
    config.addDataSourceProperty("busy_timeout", "10000");
    // A transaction takes the write lock when it begins, so what it reads is what it changes.
    config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
    settings.forEach(config::addDataSourceProperty);
    return config;
  }

  @Override
  public FluentConfiguration migrations(FluentConfiguration flyway, HikariDataSource connections) {
    return flyway.dataSource(connections).locations("classpath:db/migration");
  }

  @Override
  public void prepare(Jdbi jdbi) {
    String health =
        jdbi.withHandle(h -> h.createQuery("PRAGMA quick_check(1)").mapTo(String.class).one());
    if (!health.equals("ok")) {
      throw new IllegalStateException("it is damaged (" + health.strip() + ")");
    }
  }

  /** The connection's transaction mode has done it. */
  @Override
  public void beginWrite(Handle handle) {}

  @Override
  public Instant now(Handle handle) {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public boolean shared() {
    return false;
  }
}

package io.neurograft.coordinator.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/**
 * A PostgreSQL database, which several coordinators can share. Their write transactions happen one
 * after another, as they do in SQLite: each begins by taking one advisory lock of the database. The
 * server ends the transaction of a coordinator that stands still in it, so that it does not hold
 * the others; and no connection waits forever, whatever is at the other end.
 */
final class PostgresEngine implements Engine {
  private static final int CONNECTIONS = 6;

  /** Which of the database's advisory locks writers take: "graft" in ASCII. */
  private static final long WRITER_LOCK = 0x67_72_61_66_74L;

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration LONGEST_STATEMENT = Duration.ofSeconds(20);

  /** Longer than any statement may take: what is silent for so long is not there any more. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(30);

  /** The last one is known to PostgreSQL 17 and later. */
  private static final String LIMITS =
      """
      SET idle_in_transaction_session_timeout = '5s';
      SET lock_timeout = '10s';
      SET statement_timeout = '%ds';
      SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') = 'off';
      SELECT set_config(name, '%ds', false) FROM pg_settings WHERE name = 'transaction_timeout'
      """
          .formatted(LONGEST_STATEMENT.toSeconds(), LONGEST_SILENCE.toSeconds());

  private final DatabaseSettings settings;

  PostgresEngine(DatabaseSettings settings) {
    this.settings = settings;
  }

  @Override
  public String place() {
    return settings.place();
  }

  @Override
  public HikariConfig connections() {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(CONNECTIONS);
    config.setJdbcUrl(settings.url());
    connection().forEach((key, value) -> config.addDataSourceProperty((String) key, value));
    config.addDataSourceProperty("socketTimeout", Long.toString(LONGEST_SILENCE.toSeconds()));
    config.setConnectionTimeout(CONNECT.toMillis());
    config.setValidationTimeout(CONNECT.toMillis());
    config.setKeepaliveTime(Duration.ofMinutes(1).toMillis());
    config.setMaxLifetime(Duration.ofMinutes(15).toMillis());
    config.setConnectionInitSql(LIMITS);
    return config;
  }

  private Properties connection() {
    Properties properties = new Properties();
    settings.user().ifPresent(user -> properties.setProperty("user", user));
    settings.secret().ifPresent(password -> properties.setProperty("password", password));
    properties.setProperty("connectTimeout", Long.toString(CONNECT.toSeconds()));
    properties.setProperty("loginTimeout", Long.toString(CONNECT.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("ApplicationName", "neurograft");
    return properties;
  }

  /** On a connection without limits of time: a large table may take long. */
  @Override
  public FluentConfiguration migrations(FluentConfiguration flyway, HikariDataSource connections) {
    Properties properties = connection();
    java.util.Map<String, String> plain = new java.util.HashMap<>();
    properties.stringPropertyNames().forEach(key -> plain.put(key, properties.getProperty(key)));
    return flyway
        .dataSource(settings.url(), settings.user().orElse(null), settings.secret().orElse(null))
        .jdbcProperties(plain)
        .locations("classpath:db/migration", "classpath:db/postgresql");
  }

  @Override
  public void prepare(Jdbi jdbi) {
    String encoding =
        jdbi.withHandle(h -> h.createQuery("SHOW server_encoding").mapTo(String.class).one());
    if (!encoding.equals("UTF8")) {
      throw new IllegalStateException("expected a database of encoding UTF8, found " + encoding);
    }
    jdbi.registerArgument(new TextsWithoutZero());
  }

  @Override
  public void beginWrite(Handle handle) {
    handle.execute("SELECT pg_advisory_xact_lock(?)", WRITER_LOCK);
  }

  @Override
  public Instant now(Handle handle) {
    return Instant.ofEpochMilli(
        handle
            .createQuery(
                "SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)")
            .mapTo(Long.class)
            .one());
  }

  @Override
  public boolean shared() {
    return true;
  }

  /** PostgreSQL takes every character but the one of number 0, which a site may well send. */
  private static final class TextsWithoutZero extends AbstractArgumentFactory<String> {
    TextsWithoutZero() {
      super(Types.VARCHAR);
    }

    @Override
    protected Argument build(String value, ConfigRegistry config) {
      return (position, statement, context) ->
          statement.setString(position, value.replace('\0', '\uFFFD'));
    }
  }
}

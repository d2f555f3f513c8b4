package io.neurograft.coordinator.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Instant;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** What differs between the databases that a coordinator can use. */
interface Engine {
  /** What a person calls it; no password in it. */
  String place();

  /** Where, and how, connections are made. */
  HikariConfig connections();

  /** Where tables are brought up to date, and from which scripts. */
  FluentConfiguration migrations(FluentConfiguration flyway, HikariDataSource connections);

  /**
   * Prepares the database for use, before its tables are looked at.
   *
   * @throws IllegalStateException if it cannot be used, said in one line
   */
  void prepare(Jdbi jdbi);

  /** Makes a transaction that has just begun the only one that writes, until it ends. */
  void beginWrite(Handle handle);

  /** The time by the clock that all users of this database share, in whole milliseconds. */
  Instant now(Handle handle);

  /** Whether several coordinators can use it at the same time. */
  boolean shared();
}

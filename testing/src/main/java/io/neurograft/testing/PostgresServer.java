package io.neurograft.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/**
 * A PostgreSQL server of its own for a test, on a free port of this machine; can be stopped, killed
 * and started again over the same data. It forces its files to disk, as a real one does.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int SECONDS_TO_END = 60;

  private final Path data;
  private final Path log;
  private final int port;
  private final AtomicInteger databases = new AtomicInteger();

  /** Null while the server is down. */
  private @Nullable EmbeddedPostgres server;

  private PostgresServer(Path folder, int port) {
    this.data = folder.resolve("postgres");
    this.log = folder.resolve("postgres.log");
    this.port = port;
  }

  /**
   * Starts a server.
   *
   * @param folder where its data and its log lie
   * @throws TestAbortedException if it cannot run on this machine, so that the test is skipped
   */
  public static PostgresServer start(Path folder) {
    try {
      PostgresServer server = new PostgresServer(folder, freePort());
      server.start();
      return server;
    } catch (IOException | RuntimeException e) {
      throw new TestAbortedException("no PostgreSQL can be started here: " + e.getMessage(), e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  /** Starts it again, over the data it had. */
  public void start() throws IOException {
    try {
      tryToStart();
    } catch (IOException e) {
      throw new IOException(e.getMessage() + "; its log ends with:\n" + endOfLog(), e);
    }
  }

  /** A test's folder is gone before anybody can look. */
  private String endOfLog() throws IOException {
    List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }

  private void tryToStart() throws IOException {
    server =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setServerConfig("fsync", "on") // after the -F that it is started with
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("unix_socket_directories", "''")
            .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .setPGStartupWait(PATIENCE)
            .start();
  }

  /**
   * Makes an empty database whose texts have a person's order, in which {@code a} comes before
   * {@code B}.
   *
   * @return its JDBC URL, with the name of its user; there is no password
   */
  public String newDatabase() {
    String name = "test" + databases.incrementAndGet();
    execute(
        "postgres",
        "CREATE DATABASE "
            + name
            + " TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'");
    return url(name);
  }

  /** Runs a statement in a database of this server. */
  public void execute(String database, String sql) {
    try (Connection connection = DriverManager.getConnection(url(database));
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=postgres";
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** Asks one of its users for a password from now on. */
  public void requirePassword(String user) throws IOException {
    Path rules = data.resolve("pg_hba.conf");
    Files.writeString(
        rules, "host all " + user + " 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
    execute("postgres", "SELECT pg_reload_conf()");
  }

  /** Ends it as an administrator does: its connections are closed, its files are in order. */
  public void stop() throws IOException {
    if (server != null) {
      Optional<ProcessHandle> postmaster = postmaster();
      server.close(); // waits for five seconds at the most
      server = null;
      postmaster.ifPresent(PostgresServer::awaitEnd);
    }
  }

  private Optional<ProcessHandle> postmaster() throws IOException {
    Path file = data.resolve("postmaster.pid");
    return Files.exists(file)
        ? ProcessHandle.of(Long.parseLong(Files.readAllLines(file).get(0).strip()))
        : Optional.empty();
  }

  /** Ends it by SIGKILL, as a crash of its machine does. */
  public void kill() throws IOException {
    ProcessHandle postmaster = postmaster().orElseThrow();
    var children = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    for (ProcessHandle child : children) {
      child.destroyForcibly();
    }
    awaitEnd(postmaster);
    for (ProcessHandle child : children) {
      awaitEnd(child);
    }
    Files.deleteIfExists(data.resolve("postmaster.pid"));
    stop();
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(SECONDS_TO_END, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("process " + process.pid() + " did not end", e);
    }
  }

  @Override
  public void close() throws IOException {
    stop();
  }
}

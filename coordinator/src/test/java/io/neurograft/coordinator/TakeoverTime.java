package io.neurograft.coordinator;

import io.neurograft.testing.Folders;
import io.neurograft.testing.PostgresServer;
import io.neurograft.testing.S3Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/**
 * Measures how long a run is without a leader when its coordinator is killed, by the default {@code
 * takeover}: see docs/reliability.md.
 */
final class TakeoverTime {
  private static final int TIMES = 10;

  private TakeoverTime() {}

  /** The program, without arguments; prints one line a kill. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory(Path.of("").toAbsolutePath(), "takeover-");
    try (PostgresServer database = PostgresServer.start(folder);
        S3Server bucket = S3Server.start(folder.resolve("server"))) {
      String url = database.newDatabase();
      String shared =
          """
          database: "%s"
          artifacts: {bucket: "s3://%s", endpoint: "%s", credentials: "%s"}
          """
              .formatted(url, bucket.newBucket(), bucket.endpoint(), bucket.credentials());
      try (Connection connection = DriverManager.getConnection(url);
          Killable one = new Killable(folder.resolve("one"), shared);
          Killable two = new Killable(folder.resolve("two"), shared)) {
        one.start();
        two.start();
        one.operator().create(Rig.spec(2, 0, "120s", true)); // waits for its sites
        Killable leader = one;
        for (int i = 0; i < TIMES; i++) {
          double seconds = killed(leader, connection);
          System.out.printf(Locale.ROOT, "taken over after %.1f s%n", seconds);
          leader.start();
          leader = leader == one ? two : one;
        }
      }
    } finally {
      Folders.delete(folder);
    }
  }

  private static double killed(Killable leader, Connection connection) throws Exception {
    String before = leader(connection);
    long start = System.nanoTime();
    leader.kill();
    while (leader(connection).equals(before)) {
      Thread.sleep(50);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  private static String leader(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT leader FROM runs")) {
      rows.next();
      return rows.getString(1);
    }
  }
}

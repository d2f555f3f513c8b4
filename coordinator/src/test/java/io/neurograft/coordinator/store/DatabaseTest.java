package io.neurograft.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.neurograft.neural.config.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An SQLite file as a coordinator's database. */
final class DatabaseTest extends DatabaseContract {
  @TempDir Path folder;

  @Override
  Database open() {
    return Database.open(folder.resolve("coordinator.db"), () -> NOW);
  }

  @Test
  void now_isTheInjectedClocks() {
    try (Database database = open()) {
      assertThat(database.now()).isEqualTo(NOW);
      assertThat(database.shared()).isFalse();
    }
  }

  @Test
  void open_fileIsNoDatabase_saysSoAndLeavesItAlone() throws Exception {
    Path file = folder.resolve("coordinator.db");
    Files.writeString(file, "this is a letter, not a database");
    assertThatThrownBy(() -> Database.open(file, () -> NOW))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("coordinator.db: cannot be used")
        .hasMessageContaining("not a database");
    assertThat(file).hasContent("this is a letter, not a database");
  }

  @Test
  void open_fileIsDamaged_saysSo() throws Exception {
    try (Database database = open()) {
      database.write(DatabaseContract::prepare);
    }
    byte[] bytes = Files.readAllBytes(folder.resolve("coordinator.db"));
    assertDamaged(Arrays.copyOf(bytes, bytes.length / 2));
    Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 7);
    assertDamaged(bytes);
  }

  private void assertDamaged(byte[] bytes) throws Exception {
    Files.write(folder.resolve("coordinator.db"), bytes);
    assertThatThrownBy(this::open)
        .isInstanceOf(InvalidInputException.class)
        .message()
        .contains("coordinator.db: cannot be used: ")
        .containsAnyOf("damaged", "malformed")
        .hasLineCount(1);
  }

  @Test
  void open_tablesOfOthersOrOfALaterVersion_saysSo() throws Exception {
    change("CREATE TABLE letters (text TEXT)");
    assertThatThrownBy(this::open)
        .hasMessageEndingWith("coordinator.db: cannot be used: it belongs to other software");
    change("DROP TABLE letters");
    open().close();
    change(
        "INSERT INTO flyway_schema_history VALUES"
            + " (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', '2030-01-01 00:00:00.0', 1, 1)");
    assertThatThrownBy(this::open).hasMessageEndingWith("made by another version of this software");
  }

  private void change(String sql) throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("coordinator.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void write_diskIsFull_saysSoAndChangesNothing() {
    Map<String, String> smallDisk = Map.of("max_page_count", "60");
    String large = "x".repeat(50_000);
    try (Database database =
        Database.open(new SqliteEngine(folder.resolve("coordinator.db"), () -> NOW, smallDisk))) {
      String first = database.write(tables -> tables.runs().create("a", "t", "name: a", NOW));
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 20; i++) {
                  database.write(tables -> tables.runs().create("b", "t", large, NOW));
                }
              })
          .isInstanceOf(StorageException.class)
          .hasMessage("the database cannot be used: the disk is full");
      List<StoredRun> kept = database.read(tables -> tables.runs().all());
      assertThat(kept).hasSizeLessThan(20).anyMatch(run -> run.id().equals(first));
    }
  }

  @Test
  void open_file_isInWriteAheadMode() throws Exception {
    try (Database database = open()) {
      database.write(DatabaseContract::prepare);
      try (var connection =
              DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("coordinator.db"));
          var rows = connection.createStatement().executeQuery("PRAGMA journal_mode")) {
        assertThat(rows.getString(1)).isEqualTo("wal");
      }
      assertThat(database.pragma("synchronous")).as("FULL").isEqualTo("2");
      assertThat(database.pragma("foreign_keys")).isEqualTo("1");
    }
  }
}

package io.neurograft.simulator.chaos;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run made: the digest of every member, of every method's model in every round, and which of
 * them is published. A model's digest is that of all its tensors: the file's other part, its
 * metadata, names the run, which is another each time.
 */
final class ModelDigests {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ModelDigests() {}

  /**
   * Reads them at the coordinator.
   *
   * @throws IOException if a model is not there
   */
  static SortedMap<String, String> of(Path state, String run) throws IOException, SQLException {
    SortedMap<String, String> digests = new TreeMap<>();
    try (Connection database = open(state)) {
      read(
          database,
          "SELECT site, weights FROM tasks WHERE kind = 'TRAIN' AND state = 'DONE' AND run_id = ?",
          run,
          row -> digests.put("member " + row.getString(1), row.getString(2)));
      read(
          database,
          "SELECT method, round, digest FROM models WHERE run_id = ?",
          run,
          row ->
              digests.put(
                  "model " + row.getString(1) + " " + row.getInt(2),
                  tensors(state.resolve("artifacts").resolve(row.getString(3)))));
      read(
          database,
          "SELECT published_method, published_round FROM runs WHERE id = ?",
          run,
          row -> digests.put("published", row.getString(1) + " " + row.getInt(2)));
    }
    return digests;
  }

  /** The coordinator's database, for reading. */
  static Connection open(Path state) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:sqlite:file:" + state.resolve("coordinator.db") + "?mode=ro");
  }

  interface Row {
    void take(ResultSet row) throws SQLException, IOException;
  }

  private static void read(Connection database, String query, String run, Row each)
      throws SQLException, IOException {
    try (PreparedStatement statement = database.prepareStatement(query)) {
      statement.setString(1, run);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          each.take(rows);
        }
      }
    }
  }

  /** The digest of a safetensors file without its metadata. */
  static String tensors(Path file) throws IOException {
    try (InputStream stream = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(stream)) {
      byte[] header = in.readNBytes(Math.toIntExact(Long.reverseBytes(in.readLong())));
      ObjectNode tensors = (ObjectNode) JSON.readTree(header);
      tensors.remove("__metadata__");
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(tensors.toString().getBytes(StandardCharsets.UTF_8));
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

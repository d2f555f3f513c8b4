package io.neurograft.simulator.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Files that are on a disk when all runs are over, and that nobody needs. */
final class Leftovers {
  private static final Predicate<String> OF_THE_COORDINATOR =
      Pattern.compile("coordinator\\.(db|db-wal|db-shm|lock)|artifacts/database\\.id")
          .asMatchPredicate();
  private static final Predicate<String> OF_A_NODE =
      Pattern.compile(
              "node\\.lock|(ledger|audit)\\.jsonl|models/[a-z0-9-]+\\.(safetensors|network\\.yaml)")
          .asMatchPredicate();

  private Leftovers() {}

  /** At the coordinator: all but its database, that one's mark, and the artifacts it names. */
  static List<String> atCoordinator(Actor coordinator) throws IOException, SQLException {
    Set<String> named = new HashSet<>();
    try (Connection database = ModelDigests.open(coordinator.state());
        Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery("SELECT digest FROM artifacts")) {
      while (rows.next()) {
        named.add("artifacts/" + rows.getString(1));
      }
    }
    List<String> left = new ArrayList<>(temporary(coordinator));
    for (String file : files(coordinator.state())) {
      if (!OF_THE_COORDINATOR.test(file) && !named.remove(file)) {
        left.add("coordinator/" + file);
      }
    }
    named.forEach(missing -> left.add("coordinator/" + missing + " is missing"));
    return left;
  }

  /** At a node: all but its lock, what its guards wrote down, and published models. */
  static List<String> atNode(Actor node) throws IOException {
    List<String> left = new ArrayList<>(temporary(node));
    files(node.state()).stream()
        .filter(OF_A_NODE.negate())
        .forEach(file -> left.add(node.name() + "/" + file));
    return left;
  }

  private static List<String> temporary(Actor actor) throws IOException {
    return files(actor.temporary()).stream()
        .map(file -> actor.name() + ", temporary: " + file)
        .toList();
  }

  /** All files below a folder, by their paths in it. */
  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}

package io.neurograft.simulator.chaos;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Files that are on a disk when all runs are over, and that nobody needs. */
final class Leftovers {
  private static final Predicate<String> OF_THE_COORDINATOR =
      Pattern.compile(
              "coordinator\\.(db|db-wal|db-shm|lock)|artifacts/database\\.id|audit/audit(-[0-9]+\\.jsonl|\\.lock)")
          .asMatchPredicate();
  private static final Predicate<String> OF_A_NODE =
      Pattern.compile(
              "node\\.lock|ledger\\.jsonl|audit/audit(-[0-9]+\\.jsonl|\\.lock)|models/[a-z0-9-]+\\.(safetensors|network\\.yaml)")
          .asMatchPredicate();

  private static final String ARTIFACTS = "artifacts/";

  /** What the database says is still needed. */
  private static final String NEEDED =
      "SELECT digest FROM models UNION SELECT question FROM exchanges"
          + " UNION SELECT weights FROM tasks UNION SELECT scores FROM tasks"
          + " UNION SELECT moments FROM tasks UNION SELECT public_key FROM tasks";

  /** What it knows, needed or not. */
  private static final String KNOWN = "SELECT digest FROM artifacts";

  private Leftovers() {}

  /**
   * At the coordinator, which has ended: all but its database, that one's mark, and the artifacts
   * that a model, a question or a task names.
   */
  static List<String> atCoordinator(Actor coordinator) throws IOException, SQLException {
    List<String> left = new ArrayList<>(temporary(coordinator));
    left.addAll(artifacts(coordinator));
    files(coordinator.state()).stream()
        .filter(file -> !file.startsWith(ARTIFACTS))
        .filter(OF_THE_COORDINATOR.negate())
        .forEach(file -> left.add("coordinator/" + file));
    return left;
  }

  /** Of that, what concerns artifacts: while the coordinator runs, it has files of its own. */
  static List<String> artifacts(Actor coordinator) throws IOException, SQLException {
    Set<String> needed;
    Set<String> known;
    try (Connection database = ModelDigests.open(coordinator.state())) {
      needed = digests(database, NEEDED);
      known = digests(database, KNOWN);
    }
    List<String> left = new ArrayList<>();
    known.stream()
        .filter(digest -> !needed.contains(digest))
        .forEach(digest -> left.add("coordinator knows artifact " + digest));
    for (String file : files(coordinator.state())) {
      if (file.startsWith(ARTIFACTS)
          && !OF_THE_COORDINATOR.test(file)
          && !needed.remove(file.substring(ARTIFACTS.length()))) {
        left.add("coordinator/" + file);
      }
    }
    needed.forEach(missing -> left.add("coordinator/" + ARTIFACTS + missing + " is missing"));
    return left;
  }

  private static Set<String> digests(Connection database, String query) throws SQLException {
    Set<String> digests = new HashSet<>();
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        String digest = rows.getString(1);
        if (digest != null) {
          digests.add(digest);
        }
      }
    }
    return digests;
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

  /** All files below a folder, by their paths in it; some may be deleted at the same time. */
  private static List<String> files(Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              found.add(folder.relativize(file).toString());
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }
        });
    found.sort(Comparator.naturalOrder());
    return found;
  }
}

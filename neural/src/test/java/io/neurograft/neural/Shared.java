package io.neurograft.neural;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Data and fixtures that tests use where they are at hand. */
public final class Shared {
  private Shared() {}

  /**
   * A folder of {@code shared/}: in the system property {@code neurograft.shared}, or beside the
   * repository. Skips the test where it is missing.
   */
  public static Path folder(String name) {
    String given = System.getProperty("neurograft.shared");
    Path shared = given != null ? Path.of(given) : Path.of("..", "..", "shared").toAbsolutePath();
    Path folder = shared.resolve(name);
    assumeTrue(Files.isDirectory(folder), () -> "skipped: there is no " + folder);
    return folder;
  }
}

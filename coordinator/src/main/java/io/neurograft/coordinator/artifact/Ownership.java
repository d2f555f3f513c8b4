package io.neurograft.coordinator.artifact;

import io.neurograft.coordinator.store.StorageException;
import io.neurograft.neural.config.InvalidInputException;
import io.neurograft.proto.artifact.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which database knows the artifacts of a folder or a bucket. Another one, such as an empty one
 * that was named by mistake, would take all of them for strays.
 */
final class Ownership {
  private static final String NAME = "database.id";
  private static final int LONGEST = 100;

  private Ownership() {}

  /**
   * Makes a folder this database's, unless it is another's.
   *
   * @throws InvalidInputException if it is
   */
  static void claim(Path folder, String database) throws IOException {
    Path file = folder.resolve(NAME);
    if (Files.exists(file)) {
      require("folder " + folder, Files.readString(file).strip(), database);
    } else {
      DurableFiles.write(file, database + "\n");
    }
  }

  /**
   * Makes a bucket this database's, unless it is another's.
   *
   * @throws InvalidInputException if it is, or if it cannot be written to
   */
  static void claim(Bucket bucket, String database) throws IOException {
    String place = "artifacts.bucket " + bucket;
    try {
      Optional<InputStream> found = bucket.find(NAME);
      if (found.isPresent()) {
        try (InputStream text = found.get()) {
          String owner = new String(text.readNBytes(LONGEST), StandardCharsets.UTF_8);
          require(place, owner.strip(), database);
        }
      } else {
        Path file = Files.createTempFile("neurograft-", ".id");
        try {
          Files.writeString(file, database + "\n");
          bucket.put(NAME, file);
        } finally {
          Files.delete(file);
        }
      }
    } catch (StorageException e) {
      throw new InvalidInputException(place, String.valueOf(e.getMessage()));
    }
  }

  private static void require(String place, String owner, String database) {
    if (!owner.equals(database)) {
      throw new InvalidInputException(
          place,
          "its artifacts are known to another database (%s) than the configured one (%s); mend"
                  .formatted(owner, database)
              + " the configuration, or use an empty place");
    }
  }
}

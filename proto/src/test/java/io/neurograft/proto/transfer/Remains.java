package io.neurograft.proto.transfer;

import io.neurograft.proto.artifact.Digest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** What transfers leave in a folder of artifacts, which is looked at and deleted at once. */
final class Remains {
  private Remains() {}

  /**
   * Deletes a folder of artifacts.
   *
   * @param largest how many bytes a file may have that is not complete
   * @throws IllegalStateException if what has a digest for a name is not what its name says, or if
   *     anything else is too large, or there at all
   */
  static void delete(Path place, long largest) throws IOException {
    empty(place.resolve("incoming"), largest);
    empty(place, largest);
  }

  private static void empty(Path folder, long largest) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        boolean partial = name.endsWith(".part") && Files.size(file) <= largest;
        if (!partial && !Digest.of(file).hex().equals(name)) {
          throw new IllegalStateException(file + " is not what its name says");
        }
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}

package io.neurograft.client.preflight;

import io.neurograft.neural.config.FolderLock;
import io.neurograft.neural.config.IoWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks whether a node can keep its things in a folder. Nothing stays behind there. */
final class FolderCheck {
  private FolderCheck() {}

  static Finding of(Path folder) {
    try {
      if (Files.exists(folder) && !Files.isDirectory(folder)) {
        return Finding.failed(folder + " is no folder", "name another in the configuration");
      }
      Path there = existing(folder);
      Files.delete(Files.createTempFile(there, "preflight", null));
      if (!there.equals(folder.toAbsolutePath())) {
        return Finding.passed(folder + " is not there yet, and can be made");
      }
      return Finding.passed(
          FolderLock.taken(folder, "node")
              ? folder + " can be written to; a node runs in it, which is left alone"
              : folder + " can be written to");
    } catch (IOException e) {
      return Finding.failed(
          "cannot write to " + folder + ": " + IoWords.of(e),
          "make it the folder of the user that runs the node (chown), on a disk that can be written"
              + " to; run preflight as that user, too");
    }
  }

  /** The folder, or the nearest above it that is there. */
  static Path existing(Path folder) throws IOException {
    Path at = folder.toAbsolutePath();
    while (!Files.isDirectory(at)) {
      Path above = at.getParent();
      if (above == null) {
        throw new IOException("no folder above it is there");
      }
      at = above;
    }
    return at;
  }
}

package io.neurograft.proto.artifact;

import io.neurograft.proto.artifact.ArtifactException.Reason;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The room on a folder's disk: what is free there, less what is kept free and what transfers under
 * way are still to bring. Safe for use by several threads.
 */
final class DiskRoom {
  private final Path folder;
  private final long keptFree;
  private @Nullable FileStore disk;
  private long awaited;

  /**
   * @param keptFree in bytes
   */
  DiskRoom(Path folder, long keptFree) {
    this.folder = folder;
    this.keptFree = keptFree;
  }

  /**
   * Refuses what would fill the disk.
   *
   * @throws ArtifactException NO_ROOM
   */
  synchronized void require(String what, long needed) throws IOException {
    long free = disk().getUsableSpace();
    if (needed > free - keptFree - awaited) {
      throw new ArtifactException(
          Reason.NO_ROOM,
          "no room for %s: it needs %d more bytes, the disk has %d%s%s"
              .formatted(
                  what,
                  needed,
                  free,
                  keptFree > 0 ? ", of which " + keptFree + " are kept free" : "",
                  awaited > 0 ? ", and other transfers await " + awaited : ""));
    }
  }

  /** Looked up once, since that reads the system's table of mounts. */
  private FileStore disk() throws IOException {
    FileStore known = disk;
    if (known == null) {
      known = Files.getFileStore(folder);
      disk = known;
    }
    return known;
  }

  /**
   * Sets room apart for bytes that are to come; {@link #release} gives it back.
   *
   * @throws ArtifactException NO_ROOM
   */
  synchronized void reserve(String what, long bytes) throws IOException {
    require(what, bytes);
    awaited += bytes;
  }

  /** Gives room back, since the bytes are on the disk now, or will not come. */
  synchronized void release(long bytes) {
    awaited -= bytes;
  }
}

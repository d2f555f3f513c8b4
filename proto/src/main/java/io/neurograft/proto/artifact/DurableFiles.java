package io.neurograft.proto.artifact;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** File operations that have reached the disk when they return. */
public final class DurableFiles {
  private static final String TEMPORARY = ".tmp";

  private DurableFiles() {}

  /** Writes a small text as a whole or not at all: temporary file, force, rename, force folder. */
  public static void write(Path file, String text) throws IOException {
    Path temporary = temporary(file);
    try {
      Files.writeString(temporary, text);
      force(temporary);
      rename(temporary, file);
    } finally {
      Files.deleteIfExists(temporary); // has another name now, unless something failed
    }
  }

  /** Where a file is written before it gets its name. */
  public static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + TEMPORARY);
  }

  /** Deletes what a crash left unfinished in a folder that nobody writes to right now. */
  public static void clear(Path folder) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, "*" + TEMPORARY)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Renames a file whose contents are on disk, replacing what has the new name. */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    Path folder = to.toAbsolutePath().getParent();
    if (folder != null) {
      force(folder);
    }
  }

  /** Forces a file or a folder to disk. */
  public static void force(Path path) throws IOException {
    // A folder can only be opened for reading; Linux forces it all the same.
    var option = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }
}

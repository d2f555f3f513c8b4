package io.neurograft.proto.identity;

import io.neurograft.proto.artifact.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that nobody but their owner may read, from the moment they are there. */
public final class SecretFiles {
  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Set<PosixFilePermission> OWNERS =
      PosixFilePermissions.fromString("rwx------");
  private static final Logger LOG = LoggerFactory.getLogger(SecretFiles.class);

  private SecretFiles() {}

  /**
   * Makes a folder for them, with those above it, unless it is there. One that was made by somebody
   * else, and that others may look into, is left so and told of: it may be for more than this.
   */
  public static Path folder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      if (isShared(folder)) {
        LOG.warn("others may look into or write to {}, where secrets are kept; chmod 700", folder);
      }
      return folder;
    }
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    return Files.createDirectory(folder, FOLDER);
  }

  /** Warns of a private key, which the operator brings, that others may read or write. */
  public static void warnIfShared(Path key) throws IOException {
    if (isShared(key)) {
      LOG.warn("others may read or write the private key in {}; chmod 600", key);
    }
  }

  /** Whether others than its owner may do anything with a file or folder, where that is known. */
  public static boolean isShared(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        && !OWNERS.containsAll(Files.getPosixFilePermissions(file));
  }

  /** Makes an empty file; that it is there is on the disk when this returns. */
  public static void create(Path file) throws IOException {
    Files.createFile(file, FILE);
    DurableFiles.force(file.toAbsolutePath().resolveSibling(""));
  }

  /** Writes a text as a whole or not at all; it is on the disk when this returns. */
  public static void write(Path file, String text) throws IOException {
    Path temporary = DurableFiles.temporary(file);
    Files.deleteIfExists(temporary);
    try {
      try (FileChannel out =
          FileChannel.open(
              temporary,
              EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              FILE)) {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
        out.force(true);
      }
      DurableFiles.rename(temporary, file);
    } finally {
      Files.deleteIfExists(temporary); // has another name now, unless something failed
    }
  }
}
